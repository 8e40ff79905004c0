"""The innermost package: jobs, people, applications, and what every stage stands on."""
