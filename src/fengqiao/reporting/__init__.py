"""Direct reports (风险直报): a danger told upward in hours, followed up, ended, with who has read it and when."""
