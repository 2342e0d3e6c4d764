const PROVIDER =
  /^(?:provider|model_providers)\.([\w-]{1,80})\.(?:options\.)?(?:base_url|baseURL|baseUrl|headers\.[\w-]{1,80})$/;

/** Names under which a product keeps a vendor: an address or header under one of them gets the vendor's key. */
const VENDORS =
  /anthropic|openai|google|gemini|vertex|bedrock|azure|openrouter|groq|mistral|deepseek|xai|copilot|opencode|cohere/i;

/** The name of a provider that somebody set up beside the vendors, of a key of a configuration about it. */
export function ownProviderOf(path: string): string | undefined {
  const name = PROVIDER.exec(path)?.[1];
  return name === undefined || VENDORS.test(name) ? undefined : name;
}

/**
 * Whether a text names a variable that belongs to this provider alone: `acme` gets `ACME_API_KEY`. No key of a vendor
 * goes astray then; prompts and files do go there.
 */
export function namesKeyOf(provider: string, text: string): boolean {
  const variable = /\{env:(\w{1,100})\}|^\$?\{?([A-Z]\w{1,100})\}?$/.exec(text.trim());
  const bare = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return provider.length > 2 && bare(variable?.[1] ?? variable?.[2] ?? '').startsWith(bare(provider));
}
