"""Planning the agendas of coming meetings: a proposal to look at, and its application in one step."""
