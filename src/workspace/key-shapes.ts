/** One kind of credential that can be told by its shape. */
export interface KeyShape {
  readonly name: string;
  readonly pattern: RegExp;
}

/** Shapes with a fixed, vendor-documented prefix; a shape without one would hide honest files. */
export const KEY_SHAPES: readonly KeyShape[] = [
  { name: 'private key', pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/ },
  { name: 'Anthropic key', pattern: /\bsk-ant-[A-Za-z0-9_-]{16,}/ },
  { name: 'OpenAI key', pattern: /\bsk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{16,}/ },
  { name: 'GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{22,})/ },
  { name: 'GitLab token', pattern: /\bgl(?:pat|ptt|rt|cbt|dt)-[A-Za-z0-9_-]{20,}/ },
  { name: 'AWS access key', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/ },
  { name: 'Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}/ },
  { name: 'Google service account', pattern: /"private_key_id"\s*:/ },
  { name: 'Slack token', pattern: /\bxox[abeprs]-[A-Za-z0-9-]{10,}/ },
  { name: 'Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{16,}/ },
  { name: 'webhook secret', pattern: /\bwhsec_[A-Za-z0-9+/=]{16,}/ },
  { name: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{30,}|:_(?:authToken|auth|password)\s*=\s*(?!\$\{)\S+/ },
  { name: 'PyPI token', pattern: /\bpypi-[A-Za-z0-9_-]{32,}/ },
  { name: 'Hugging Face token', pattern: /\bhf_[A-Za-z0-9]{30,}/ },
];

/** Looked at only up to this size: key files are small, and large data is full of look-alikes. */
export const MAX_KEY_FILE = 256 * 1024;

/** The kind of key that stands in the content, or undefined. */
export function findKeyShape(bytes: Buffer): string | undefined {
  if (bytes.length > MAX_KEY_FILE) return undefined;
  const text = bytes.toString('latin1');
  return KEY_SHAPES.find((shape) => shape.pattern.test(text))?.name;
}
