"""Pictures of the report as SVG text; each stands beside a table that says the same."""
