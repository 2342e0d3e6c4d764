import type { ProductId } from '../agents/index.ts';

/** Who stands behind a product's models, and where its requests go when nothing else is said. */
export interface VendorRow {
  readonly product: ProductId;
  /** Key of the service. */
  readonly provider: string;
  readonly name: string;
  readonly hosts: readonly string[];
}

/** Vendors' documentation; a product that lets its user choose has no row. */
export const VENDORS: readonly VendorRow[] = [
  { product: 'claude-code', provider: 'anthropic', name: 'Anthropic API', hosts: ['api.anthropic.com'] },
  { product: 'codex', provider: 'openai', name: 'OpenAI API', hosts: ['api.openai.com'] },
  { product: 'gemini', provider: 'google', name: 'Gemini API', hosts: ['generativelanguage.googleapis.com'] },
  { product: 'copilot', provider: 'github', name: 'GitHub Copilot', hosts: ['api.githubcopilot.com'] },
  { product: 'ai-inference', provider: 'github', name: 'GitHub Models', hosts: ['models.github.ai'] },
  { product: 'cursor', provider: 'cursor', name: 'Cursor', hosts: ['api2.cursor.sh'] },
  { product: 'amp', provider: 'sourcegraph', name: 'Amp', hosts: ['ampcode.com'] },
  { product: 'droid', provider: 'factory', name: 'Factory', hosts: ['api.factory.ai'] },
  { product: 'auggie', provider: 'augment', name: 'Augment', hosts: [] },
  { product: 'amazon-q', provider: 'aws', name: 'Amazon Q', hosts: [] },
  { product: 'warp', provider: 'warp', name: 'Warp', hosts: [] },
  { product: 'qwen', provider: 'alibaba', name: 'Model Studio', hosts: [] },
];

/** A switch that moves the requests to a cloud. */
export interface CloudRow {
  readonly pattern: RegExp;
  readonly provider: string;
  readonly name: string;
}

export const CLOUDS: readonly CloudRow[] = [
  { pattern: /^(?:use_bedrock|CLAUDE_CODE_USE_BEDROCK)$/i, provider: 'aws', name: 'Amazon Bedrock' },
  {
    pattern: /^(?:use_vertex|use_vertex_ai|CLAUDE_CODE_USE_VERTEX|GOOGLE_GENAI_USE_VERTEXAI)$/i,
    provider: 'google-cloud',
    name: 'Vertex AI',
  },
  { pattern: /^(?:use_foundry|CLAUDE_CODE_USE_FOUNDRY)$/i, provider: 'azure', name: 'Microsoft Foundry' },
];

/** Whose models a name belongs to. */
export const MODEL_FAMILIES: readonly { readonly pattern: RegExp; readonly provider: string }[] = [
  { pattern: /claude|opus|sonnet|haiku/i, provider: 'anthropic' },
  { pattern: /gpt|codex|^o\d/i, provider: 'openai' },
  { pattern: /gemini|gemma/i, provider: 'google' },
  { pattern: /qwen/i, provider: 'alibaba' },
  { pattern: /mistral|devstral|codestral/i, provider: 'mistral' },
  { pattern: /deepseek/i, provider: 'deepseek' },
  { pattern: /llama/i, provider: 'meta' },
  { pattern: /grok/i, provider: 'xai' },
];

/** Where a product reports its own use unless something switches it off. Source: the vendors' data-use pages. */
export interface TelemetryRow {
  readonly product: ProductId;
  readonly name: string;
  readonly hosts: readonly string[];
  /** Variables that switch it off, whatever they say, also `0`. */
  readonly switchedOffBy: readonly string[];
  /** Keys of its settings that switch it off with `false`. */
  readonly falseIn: readonly string[];
}

export const TELEMETRY: readonly TelemetryRow[] = [
  {
    product: 'claude-code',
    name: 'Claude Code usage and error reports',
    hosts: [],
    switchedOffBy: ['DISABLE_TELEMETRY', 'CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC'],
    falseIn: [],
  },
  {
    product: 'gemini',
    name: 'Gemini CLI usage statistics',
    hosts: [],
    // GEMINI_TELEMETRY_ENABLED is about traces of one's own.
    switchedOffBy: [],
    falseIn: ['privacy.usageStatisticsEnabled', 'usageStatisticsEnabled'],
  },
];

/** Variables that hold the address of a collector. */
export const COLLECTORS: readonly { readonly pattern: RegExp; readonly name: string }[] = [
  { pattern: /^OTEL_EXPORTER_OTLP_(?:[A-Z]+_)?ENDPOINT$/, name: 'OpenTelemetry collector' },
  { pattern: /^GEMINI_TELEMETRY_OTLP_ENDPOINT$/, name: 'OpenTelemetry collector' },
  { pattern: /^SENTRY_DSN$/, name: 'Sentry' },
  { pattern: /^LANGFUSE_(?:HOST|BASE_?URL)$/, name: 'Langfuse' },
  { pattern: /^LANGSMITH_ENDPOINT$/, name: 'LangSmith' },
  { pattern: /^HELICONE_BASE_URL$/, name: 'Helicone' },
  { pattern: /^(?:DD_SITE|DD_TRACE_AGENT_URL)$/, name: 'Datadog' },
];
