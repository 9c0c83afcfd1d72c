"""Plans: what a product version says, what a plan costs, which plans to show and why."""
