"""Who is calling, what their role allows, and what their tenant may see.

401: nobody we know. 403: known, but the role does not reach. 404: exists, but not for this tenant.
"""

from flowforge.auth.caller import authenticate
from flowforge.auth.entitlements import access_of, forget_access
from flowforge.auth.roles import require_registered, require_role

__all__ = ["access_of", "authenticate", "forget_access", "require_registered", "require_role"]
