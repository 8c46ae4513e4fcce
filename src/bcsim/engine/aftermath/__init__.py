"""The aftermath: complaints, redress and late detection, once no order can change any more."""
