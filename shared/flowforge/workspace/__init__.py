"""What users keep: workflows, dashboards, widgets, and their tenant's entitlements."""
