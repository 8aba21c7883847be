"""The catalogue of FlowForge's CloudEvents and their envelope on the wire.

``catalog`` declares every event type with its data; ``envelope`` is the only module that knows the
CloudEvents SDK.
"""
