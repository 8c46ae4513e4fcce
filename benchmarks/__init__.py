"""How fast bcsim is, against its peers and against itself; see README.md in this folder."""
