import type { AgentRun } from '../facts/index.ts';
import { type EnvironmentEntry, environmentEntries } from './environment.ts';
import { telemetryFlows } from './flows.ts';
import type { Service } from './model.ts';
import type { Places } from './places.ts';
import { hostOf } from './shown-text.ts';
import { COLLECTORS, TELEMETRY } from './vendors.ts';

/** Variables that put prompts and tool results into traces. */
const CONTENT =
  /^(?:OTEL_LOG_USER_PROMPTS|OTEL_LOG_TOOL_DETAILS|OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT|GEMINI_TELEMETRY_LOG_PROMPTS)$/;

/** Who is told how the agent fares: the vendor, unless that is switched off, and every collector that is named. */
export function telemetryOf(run: AgentRun, places: Places): readonly Service[] {
  const entries = environmentEntries(run);
  return [...vendorTelemetry(run, entries), ...collectors(entries, places)];
}

function vendorTelemetry(run: AgentRun, entries: readonly EnvironmentEntry[]): readonly Service[] {
  return TELEMETRY.filter(({ product }) => product === run.invocation.product).flatMap((row): Service[] => {
    if (entries.some(({ name, text }) => row.switchedOffBy.includes(name) && text !== '')) return [];
    if (settingsOf(run).some(({ path, text }) => row.falseIn.includes(path) && text === 'false')) return [];
    return [
      {
        key: `telemetry:${row.product}`,
        kind: 'telemetry',
        name: row.name,
        hosts: row.hosts,
        zone: 'third-party',
        authenticated: 'no',
        origin: undefined,
        // The action or the machine may switch it off where nobody here can see it.
        flows: telemetryFlows('unknown', false),
        at: undefined,
      },
    ];
  });
}

/** Keys of the product's own files that are in force. */
function settingsOf({ configuration, invocation }: AgentRun): AgentRun['configuration'][number]['keys'] {
  return configuration
    .filter(({ role, product }) => product === invocation.product && (role === 'active' || role === 'managed'))
    .flatMap(({ keys }) => keys);
}

function collectors(entries: readonly EnvironmentEntry[], places: Places): readonly Service[] {
  const prompts = entries.some(({ name, text }) => CONTENT.test(name) && !/^(?:false|0|)$/i.test(text.trim()));
  return entries.flatMap(({ name, text, place }): Service[] => {
    const row = COLLECTORS.find(({ pattern }) => pattern.test(name));
    if (row === undefined) return [];
    const host = hostOf(text);
    return [
      {
        key: `telemetry:${name}`,
        kind: 'telemetry',
        name: row.name,
        hosts: host === undefined ? [] : [host],
        zone: 'third-party',
        authenticated: 'unknown',
        origin: undefined,
        flows: telemetryFlows('yes', prompts),
        at: places.at(place),
      },
    ];
  });
}
