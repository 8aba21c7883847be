/** Code for whoever embeds a widget: their server's part, which holds the key, and their page's. */

export interface Embedding {
  /** Where FlowForge is. */
  readonly origin: string;
  readonly widgetId: string;
  /** The key's public id. */
  readonly keyId: string;
  readonly title: string;
}

const ROUTE = "/flowforge-token";

export const SERVERS = {
  python: ({ origin, widgetId }: Embedding): string => `# GET ${ROUTE}: only for people whom you have signed in.
import os
import requests

def flowforge_token():
    answer = requests.post(
        "${origin}/api/v1/embed/token",
        headers={"X-API-Key": os.environ["FLOWFORGE_KEY"]},
        # Further filters that hold for this viewer only:
        # [{"column": "symbol", "operator": "IN", "value": ["AAPL"]}]
        json={"widget_id": "${widgetId}", "locked_filters": []},
        timeout=10,
    )
    answer.raise_for_status()
    return answer.json()  # {"token": …, "expires_in": …}
`,
  node: ({ origin, widgetId }: Embedding): string => `// GET ${ROUTE}: only for people whom you have signed in.
export async function flowforgeToken() {
  const answer = await fetch("${origin}/api/v1/embed/token", {
    method: "POST",
    headers: { "X-API-Key": process.env.FLOWFORGE_KEY, "Content-Type": "application/json" },
    // Further filters that hold for this viewer only:
    // [{ column: "symbol", operator: "IN", value: ["AAPL"] }]
    body: JSON.stringify({ widget_id: "${widgetId}", locked_filters: [] }),
  });
  if (!answer.ok) throw new Error(\`FlowForge: \${answer.status}\`);
  return answer.json(); // { token, expires_in }
}
`,
} as const;

/** The page's part: a frame, and the conversation with it. */
export function pageSnippet({ origin, widgetId, keyId, title }: Embedding): string {
  const id = `flowforge-${widgetId.slice(0, 8)}`;
  return `<iframe id="${id}" title="${escapeHtml(title)}" style="width: 100%; height: 380px; border: 0"
  src="${origin}/embed/${encodeURIComponent(widgetId)}?k=${encodeURIComponent(keyId)}&theme=system"></iframe>
<script>
  {
    const frame = document.getElementById("${id}");
    const origin = "${origin}";
    const answer = async () => {
      const { token } = await (await fetch("${ROUTE}")).json();
      frame.contentWindow.postMessage({ type: "flowforge:token", token }, origin);
    };
    addEventListener("message", (event) => {
      if (event.source !== frame.contentWindow || event.origin !== origin) return;
      const { type, height } = event.data;
      if (type === "flowforge:ready" || type === "flowforge:token-needed") answer();
      if (type === "flowforge:height") frame.style.height = height + "px";
    });
    // Later: frame.contentWindow.postMessage({ type: "flowforge:filters", filters: [...] }, origin)
    //        frame.contentWindow.postMessage({ type: "flowforge:theme", theme: "dark" }, origin)
  }
</script>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
