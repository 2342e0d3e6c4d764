import type { CredentialClass } from '../pipelines/index.ts';

interface ClassRow {
  readonly class: CredentialClass;
  /** Matched against the name in capitals. */
  readonly pattern: RegExp;
}

/** What a secret of this name probably opens; names by habit and by the vendors' documentation. The first row wins. */
const CLASSES: readonly ClassRow[] = [
  {
    class: 'model-key',
    pattern:
      /ANTHROPIC|CLAUDE|OPENAI|GEMINI|GOOGLE_(?:GENERATIVE_)?(?:AI_)?API_KEY|MISTRAL|DEEPSEEK|OPENROUTER|GROQ_|XAI_|COHERE|CODEX|CURSOR_API|QWEN|DASHSCOPE|AMP_API|FACTORY_API|AUGMENT|OPENCODE|MOONSHOT|KIMI|ZHIPU|^ZAI_|CEREBRAS|FIREWORKS|TOGETHER_|PERPLEXITY|AI_GATEWAY|LLM_|LITELLM|AI_API_KEY|MODEL_KEY|^COPILOT_(?:[A-Z]+_)?TOKEN$/,
  },
  { class: 'signing', pattern: /SIGN|GPG|PGP|COSIGN|KEYSTORE|CERTIFICATE|NOTARI/ },
  {
    class: 'registry',
    pattern:
      /NPM|PYPI|TWINE|DOCKER|REGISTRY|CRATES|CARGO|RUBYGEMS|GEM_HOST|NUGET|MAVEN|OSSRH|SONATYPE|HEX_API|GHCR|QUAY|VSCE|OVSX/,
  },
  {
    class: 'cloud',
    pattern:
      /AWS|AZURE|ARM_CLIENT|GCP|GOOGLE|GCLOUD|CLOUDFLARE|DIGITALOCEAN|HEROKU|FLY_|VERCEL|NETLIFY|RAILWAY|TERRAFORM|TF_|PULUMI|VAULT|WORKLOAD_IDENTITY/,
  },
  { class: 'kubernetes', pattern: /KUBE|K8S|HELM/ },
  { class: 'deploy', pattern: /DEPLOY|SSH|RSYNC|FTP|(?<!APP_)PRIVATE_KEY/ },
  {
    class: 'personal-token',
    pattern:
      /(?:^|_)PAT(?:_|$)|PERSONAL|APP_TOKEN|APP_KEY|APP_PRIVATE|BOT_TOKEN|GH_ACCESS|(?:GITHUB|GITLAB|GH|GL)_(?!TOKEN$)[A-Z_]*TOKEN/,
  },
  {
    class: 'forge-token',
    pattern:
      /^(?:GITHUB|GH|GITEA|FORGEJO)_TOKEN$|^GITHUB\.TOKEN$|CI_JOB_TOKEN|GITLAB_TOKEN|SYSTEM[._]ACCESSTOKEN|BITBUCKET/,
  },
];

/** `secrets.NPM_TOKEN` → `registry`. A name nobody knows is `other`: a credential all the same. */
export function credentialClass(name: string): CredentialClass {
  // Jenkins and vaults name credentials with hyphens.
  const bare = name
    .replace(/^secrets\./, '')
    .replaceAll('-', '_')
    .toUpperCase();
  return CLASSES.find(({ pattern }) => pattern.test(bare))?.class ?? 'other';
}
