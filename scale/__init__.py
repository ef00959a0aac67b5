"""A million members: what a SEE of 1,000,000 seats costs in time, memory and gas."""
