"""workspace: workflows with their versions, dashboards, widgets, and the tenant's entitlements."""

from __future__ import annotations

from flowforge.schema import catalog_for
from flowforge.serve import Call, Function, Reply, object_id
from flowforge.serve.editing import add_create, add_item, add_list, with_etag
from flowforge.serve.versions import add_versions
from flowforge.workspace import dashboards, shapes, templates, tenants, widgets, workflows
from flowforge.workspace.etags import etag, optional_version
from flowforge.workspace.instantiating import InstantiateRequest, InstantiateResponse, instantiate
from flowforge_events import WIRE

function = Function("workspace", wire=WIRE)

WORKFLOWS, DASHBOARDS, WIDGETS = "/api/v1/workflows", "/api/v1/dashboards", "/api/v1/widgets"
TEMPLATES = "/api/v1/templates"

add_list(function, WORKFLOWS, shapes.WorkflowPage, workflows.list_workflows)
add_create(function, WORKFLOWS, shapes.WorkflowCreate, shapes.WorkflowShape, workflows.create_workflow)
add_item(
    function,
    f"{WORKFLOWS}/{{id}}",
    "workflow",
    shapes.WorkflowUpdate,
    shapes.WorkflowShape,
    workflows.read_workflow,
    workflows.update_workflow,
    workflows.delete_workflow,
)
add_list(function, DASHBOARDS, shapes.DashboardPage, dashboards.list_dashboards)
add_create(function, DASHBOARDS, shapes.DashboardCreate, shapes.DashboardShape, dashboards.create_dashboard)
add_item(
    function,
    f"{DASHBOARDS}/{{id}}",
    "dashboard",
    shapes.DashboardUpdate,
    shapes.DashboardShape,
    dashboards.read_dashboard,
    dashboards.update_dashboard,
    dashboards.delete_dashboard,
)
add_item(
    function,
    f"{WIDGETS}/{{id}}",
    "widget",
    shapes.WidgetUpdate,
    shapes.WidgetShape,
    widgets.read_widget,
    widgets.update_widget,
    widgets.delete_widget,
)


@function.get(f"{DASHBOARDS}/{{id}}/widgets", answer=shapes.WidgetPage)
async def list_widgets(call: Call) -> shapes.WidgetPage:
    """All widgets of a dashboard, oldest first."""
    return await widgets.list_widgets(call.caller.tenant_id, object_id(call, "dashboard"))


@function.post(
    f"{DASHBOARDS}/{{id}}/widgets",
    body=shapes.WidgetCreate,
    answer=shapes.WidgetShape,
    status=201,
    role="analyst",
)
async def pin_widget(call: Call, wanted: shapes.WidgetCreate) -> Reply:
    """Pin a workflow's node to a dashboard."""
    return with_etag(
        await widgets.create_widget(call.caller, object_id(call, "dashboard"), wanted), status=201
    )


add_versions(function, WORKFLOWS)


@function.get(TEMPLATES, answer=templates.TemplatePage)
async def list_templates(call: Call) -> templates.TemplatePage:
    """Workflows to begin with."""
    return templates.list_templates(await catalog_for(call.access))


@function.post(
    f"{TEMPLATES}/{{id}}/instantiate",
    body=InstantiateRequest,
    answer=InstantiateResponse,
    status=201,
    role="analyst",
)
async def instantiate_template(call: Call, wanted: InstantiateRequest) -> Reply:
    """Make a workflow of a template, and a dashboard that shows it, over the newest data."""
    made = await instantiate(call.caller, call.access, call.path["id"], wanted)
    return Reply(made, 201, {"etag": etag(made.version), "location": f"{WORKFLOWS}/{made.id}"})


@function.get("/api/v1/me", answer=shapes.MeShape)
async def who_am_i(call: Call) -> shapes.MeShape:
    """The caller: tenant, roles, and what they may see."""
    return tenants.me(call.caller, call.access)


@function.get("/api/v1/tenant/symbols", answer=shapes.SymbolsShape, role="admin")
async def read_symbols(call: Call) -> Reply:
    """The tenant's entitlements, effective and granted."""
    return with_etag(await tenants.read_symbols(call.caller.tenant_id))


@function.put("/api/v1/tenant/symbols", body=shapes.SymbolsUpdate, answer=shapes.SymbolsShape, role="admin")
async def narrow_symbols(call: Call, wanted: shapes.SymbolsUpdate) -> Reply:
    """Narrow the entitlements within what the operator granted."""
    demanded = optional_version(call.headers.get("if-match"))
    return with_etag(await tenants.narrow_symbols(call.caller, wanted, demanded))


workspace = function.target()
