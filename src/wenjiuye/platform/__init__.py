"""The offices' system: accounts, registry, claims, evidence, letters and the officers' desk, on Django and PostgreSQL.

Domain apps hold models, services and permissions; screens (`desk`) only call services. No rule, threshold or amount
of the policy lives here.
"""
