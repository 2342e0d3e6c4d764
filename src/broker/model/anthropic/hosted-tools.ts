/** What a tool `type` of the Messages API means for containment. One row a family; the date suffix is the version. */
interface ToolFamily {
  readonly type: RegExp;
  /** `client`: the agent runs it. `inert`: the provider runs it, and it reaches nothing beyond the request. */
  readonly runs: 'client' | 'inert';
}

const KNOWN_FAMILIES: readonly ToolFamily[] = [
  { type: /^custom$/, runs: 'client' },
  { type: /^bash_\d{8}$/, runs: 'client' },
  { type: /^text_editor_\d{8}$/, runs: 'client' },
  { type: /^computer_\d{8}$/, runs: 'client' },
  { type: /^memory_\d{8}$/, runs: 'client' },
  { type: /^tool_search_tool_(?:regex|bm25)(?:_\d{8})?$/, runs: 'inert' },
];

/**
 * The kind of a provider-hosted tool (`web_search_20250305` → `web_search`), or undefined when the tool runs on the
 * agent's side. A type nobody has listed counts as hosted: new ones must be judged before they pass.
 */
export function hostedKind(type: string): string | undefined {
  if (KNOWN_FAMILIES.some((family) => family.type.test(type))) return undefined;
  if (type.startsWith('mcp')) return 'mcp';
  return type.replace(/_\d{8}$/, '');
}

/** Kinds by which blocks of a response name a use on the provider's side. */
export function hostedUseKind(blockType: string, toolName: string): string | undefined {
  if (blockType === 'mcp_tool_use') return 'mcp';
  return /^tool_search_tool_/.test(toolName)
    ? undefined
    : /^(?:bash|text_editor)_code_execution$/.test(toolName)
      ? 'code_execution'
      : toolName;
}

/**
 * Top-level fields that make the provider connect or compute on the run's behalf, with their kind. Those of kind
 * `gateway` are no fields of the API: a gateway before it takes them for the address to call (with its key), the key to
 * call with, or further fields (CVE-2024-6587); for other models than the policy was asked about; or for searches and
 * plug-ins of its own. `__proto__` becomes such fields where bodies are merged.
 */
const HOSTED_FIELDS: ReadonlyMap<string, string> = new Map([
  ['mcpservers', 'mcp'],
  ['container', 'container'],
  ...[
    ...['apibase', 'baseurl', 'apikey', 'extrabody', 'extraheaders', 'extraquery', 'userconfig', 'proto'],
    ...['models', 'fallbacks', 'fallbackmodels', 'litellmparams', 'customllmprovider', 'modelinfo'],
    ...['plugins', 'websearchoptions', 'callbacks', 'successcallback', 'failurecallback'],
  ].map((field) => [field, 'gateway'] as const),
]);

/** Endings of names under which gateways take an address or a credential for each of the providers that they know. */
const GATEWAY_NAME =
  /(?:endpoint|hosturl|proxyurl|webhookurl|callbackurl|credentials|accesskey|accesskeyid|adtoken|sessiontoken)$/;

/**
 * The kind of such a field. Some servers match names without case, in either of two spellings, or cut what stands around
 * them; so we look at letters and digits alone, in their plain form.
 */
export function hostedField(name: string): string | undefined {
  const bare = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return HOSTED_FIELDS.get(bare) ?? (GATEWAY_NAME.test(bare) ? 'gateway' : undefined);
}

/** Source types that carry their content in the request itself; all others make the provider fetch it. */
export const INLINE_SOURCES: ReadonlySet<string> = new Set(['base64', 'text', 'content']);

/** Types of blocks that are fetched, also those of dialects that a gateway understands beside the API's own. */
export const FETCHED_BLOCKS: ReadonlySet<string> = new Set([
  'container_upload',
  ...['url', 'image_url', 'audio_url', 'video_url', 'file_url', 'input_image', 'input_file'],
]);
