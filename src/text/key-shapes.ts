/** One kind of credential that can be told by its shape. */
export interface KeyShape {
  readonly name: string;
  /** Linear: a fixed prefix and one run of characters. */
  readonly pattern: RegExp;
  /** What a real one looks like to the last character, where the vendor or its tokens show it. */
  readonly exact?: RegExp;
  /** Base names no vendor: an address with a password, a signed token. Reported, but no reason to withhold a file. */
  readonly weak?: true;
}

/**
 * Shapes with a fixed, vendor-documented prefix; a shape without one would hide honest files. Lengths from the vendors'
 * documentation and from secret scanning partner patterns, as of 2026.
 */
export const KEY_SHAPES: readonly KeyShape[] = [
  { name: 'private key', pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/ },
  { name: 'age secret key', pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{40,}/ },
  // Model vendors.
  {
    name: 'Anthropic key',
    pattern: /\bsk-ant-[A-Za-z0-9_-]{16,}/,
    exact: /^sk-ant-[a-z]{3,5}\d\d-[A-Za-z0-9_-]{80,}$/,
  },
  { name: 'OpenAI key', pattern: /\bsk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{16,}/, exact: /T3BlbkFJ/ },
  { name: 'OpenAI key', pattern: /\bsk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}/ },
  {
    name: 'model vendor key',
    pattern: /\bsk-[A-Za-z0-9]{32,64}\b/,
    exact: /^sk-(?:[0-9a-f]{32}|[A-Za-z0-9]{48})$/,
  },
  { name: 'OpenRouter key', pattern: /\bsk-or-v1-[0-9a-f]{32,}/, exact: /^.{9}[0-9a-f]{64}$/ },
  { name: 'Langfuse key', pattern: /\bsk-lf-[0-9a-f]{8}-[0-9a-f-]{20,}/ },
  { name: 'Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}/, exact: /^AIza[A-Za-z0-9_-]{35}$/ },
  { name: 'Groq key', pattern: /\bgsk_[A-Za-z0-9]{40,}/, exact: /^gsk_[A-Za-z0-9]{52}$/ },
  { name: 'xAI key', pattern: /\bxai-[A-Za-z0-9]{60,}/, exact: /^xai-[A-Za-z0-9]{80}$/ },
  { name: 'Hugging Face token', pattern: /\bhf_[A-Za-z0-9]{30,}/, exact: /^hf_[A-Za-z0-9]{34}$/ },
  { name: 'Replicate token', pattern: /\br8_[A-Za-z0-9]{30,}/, exact: /^r8_[A-Za-z0-9]{37}$/ },
  { name: 'Perplexity key', pattern: /\bpplx-[A-Za-z0-9]{32,}/ },
  { name: 'Tavily key', pattern: /\btvly-(?:dev-|prod-)?[A-Za-z0-9]{24,}/ },
  { name: 'LangSmith key', pattern: /\blsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}/ },
  // Forges and registries.
  {
    name: 'GitHub token',
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{22,})/,
    exact: /^(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})$/,
  },
  { name: 'GitLab token', pattern: /\bgl(?:pat|ptt|rt|cbt|dt|ft|soat|imt|agent|oas|ffct)-[A-Za-z0-9_-]{20,}/ },
  { name: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{30,}/, exact: /^npm_[A-Za-z0-9]{36}$/ },
  // What begins with a dollar sign is the name of a variable.
  { name: 'npm login', pattern: /:_(?:authToken|auth|password)\s*=\s*(?!["']?\$)\S+/ },
  { name: 'PyPI token', pattern: /\bpypi-[A-Za-z0-9_-]{32,}/, exact: /^pypi-AgE[A-Za-z0-9_-]{50,}$/ },
  { name: 'RubyGems key', pattern: /\brubygems_[0-9a-f]{48}/ },
  { name: 'Docker Hub token', pattern: /\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}/ },
  // Clouds and infrastructure.
  { name: 'AWS access key', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/ },
  { name: 'Google service account', pattern: /"private_key_id"\s*:/ },
  { name: 'Google OAuth secret', pattern: /\bGOCSPX-[A-Za-z0-9_-]{28}/ },
  // The key of the storage emulator is published and opens nothing.
  { name: 'Azure storage key', pattern: /\bAccountKey=(?!Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1)[A-Za-z0-9+/]{86}==/ },
  { name: 'DigitalOcean token', pattern: /\bdo[opr]_v1_[0-9a-f]{64}/ },
  { name: 'Databricks token', pattern: /\bdapi[0-9a-f]{32}\b/ },
  { name: 'Terraform token', pattern: /\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,}/ },
  { name: 'Vault token', pattern: /\bhv[sbr]\.[A-Za-z0-9_-]{24,}/ },
  { name: 'Pulumi token', pattern: /\bpul-[0-9a-f]{40}/ },
  { name: 'Doppler token', pattern: /\bdp\.(?:pt|st|ct|sa)\.[A-Za-z0-9._-]{40,}/ },
  { name: 'Supabase token', pattern: /\bsbp_[0-9a-f]{40}/ },
  { name: 'PlanetScale token', pattern: /\bpscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,}/ },
  { name: 'Netlify token', pattern: /\bnfp_[A-Za-z0-9]{36,}/ },
  // Services.
  { name: 'Slack token', pattern: /\bxox[abeprs]-[A-Za-z0-9-]{10,}/ },
  { name: 'Slack app token', pattern: /\bxapp-\d-[A-Z0-9]+-\d+-[0-9a-f]{32,}/ },
  { name: 'Slack webhook', pattern: /\bhooks\.slack\.com\/services\/T[A-Z0-9]{6,}\/B[A-Z0-9]{6,}\/[A-Za-z0-9]{20,}/ },
  { name: 'Discord webhook', pattern: /\bdiscord(?:app)?\.com\/api\/webhooks\/\d{16,}\/[A-Za-z0-9_-]{50,}/ },
  { name: 'Telegram bot token', pattern: /\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b/ },
  { name: 'Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{16,}/ },
  { name: 'webhook secret', pattern: /\bwhsec_[A-Za-z0-9+/=]{16,}/ },
  { name: 'SendGrid key', pattern: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/ },
  { name: 'Linear key', pattern: /\blin_api_[A-Za-z0-9]{40}/ },
  { name: 'Notion token', pattern: /\bntn_[A-Za-z0-9]{40,}/ },
  { name: 'Figma token', pattern: /\bfigd_[A-Za-z0-9_-]{40,}/ },
  { name: 'Grafana token', pattern: /\bgl(?:sa_[A-Za-z0-9]{32}_[0-9a-f]{8}|c_[A-Za-z0-9+/=]{32,})/ },
  { name: 'Sentry token', pattern: /\bsntry[su]_[A-Za-z0-9+/=_-]{40,}/ },
  { name: 'New Relic key', pattern: /\bNRAK-[A-Z0-9]{27}/ },
  { name: 'Postman key', pattern: /\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}/ },
  { name: 'Shopify token', pattern: /\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/ },
  // Shapes without a vendor.
  { name: 'password in an address', pattern: /:\/\/[^\s:/@"'<>${}]{1,64}:[^\s:/@"'<>${}]{6,200}@/, weak: true },
  { name: 'signed token', pattern: /\beyJ[A-Za-z0-9_-]{16,}\.eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{20,}/, weak: true },
];

/** Looked at only up to this size: key files are small, and large data is full of look-alikes. */
export const MAX_KEY_FILE = 256 * 1024;

const STRONG = KEY_SHAPES.filter(({ weak }) => weak !== true);

/** The kind of key that stands in the content, or undefined. Placeholders count: withholding one does no harm. */
export function findKeyShape(bytes: Buffer): string | undefined {
  if (bytes.length > MAX_KEY_FILE) return undefined;
  const text = bytes.toString('latin1');
  return STRONG.find((shape) => shape.pattern.test(text))?.name;
}
