import { gzipSync } from 'node:zlib';
import type { JsonValue } from '../../system/index.ts';
import { createBaselineStates } from '../comparison.ts';
import type { Finding } from '../finding.ts';
import { createLocator } from '../position.ts';
import type { Report } from '../report.ts';
import { jsonObject, renderJson } from './json-text.ts';
import type { RenderOptions } from './options.ts';
import { bySeverity, hidesSomething } from './outline.ts';
import { createSarifPlaces, type SarifPlaces } from './sarif-place.ts';
import { resultValue } from './sarif-result.ts';
import { createBands, ruleValue } from './sarif-rule.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/**
 * What GitHub's code scanning takes and shows: a compressed upload of 10 MB (with room for headers), 5,000 results of a
 * run. The plain text is bounded too, for those who read it whole.
 *
 * @see https://docs.github.com/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit
 */
const SARIF_LIMITS = { results: 5000, bytes: 25_000_000, compressed: 9_500_000 } as const;

/**
 * SARIF 2.1.0. When a limit forces it, the least severe results are left out and a notification says how many;
 * `executionSuccessful` is false then, as it is when a gap could hide something.
 */
export function renderSarif(report: Report, options: RenderOptions): string {
  const all = report.findings
    .filter(({ suppression }) => options.suppressed !== 'omit' || suppression === undefined)
    .toSorted(bySeverity);
  for (let kept = Math.min(all.length, SARIF_LIMITS.results); ; kept = Math.floor(kept / 2)) {
    const text = renderJson(logValue(report, all.slice(0, kept), all.length - kept, options));
    if (kept === 0 || fits(text)) return text;
  }
}

function fits(text: string): boolean {
  const bytes = Buffer.byteLength(text);
  if (bytes <= SARIF_LIMITS.compressed) return true;
  return bytes <= SARIF_LIMITS.bytes && gzipSync(text).length <= SARIF_LIMITS.compressed;
}

function logValue(report: Report, findings: readonly Finding[], left: number, options: RenderOptions): JsonValue {
  const places = createSarifPlaces(createLocator(report), report);
  const bands = createBands(report.rules, findings);
  const rules = bands.all.map((band) => ruleValue(band, options));
  const baselineOf = createBaselineStates(options.comparison);
  const results = findings.map((finding) => resultValue(finding, { places, bands, baselineOf, options }));
  const invocation = invocationValue(report, left, places);
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'sallyport',
            organization: 'Sallyport',
            ...versionOf(report),
            rules,
          },
        },
        automationDetails: { id: `sallyport-${report.command}/${options.category ?? ''}` },
        originalUriBaseIds: { SRCROOT: { description: { text: 'The root of the repository.' } } },
        columnKind: 'utf16CodeUnits',
        invocations: [invocation],
        results,
      },
    ],
  };
}

function versionOf({ version }: Report): { readonly [key: string]: JsonValue } {
  return jsonObject({ version, semanticVersion: /^\d+\.\d+\.\d+/.test(version) ? version : undefined });
}

function invocationValue(report: Report, left: number, places: SarifPlaces): JsonValue {
  const gaps = report.gaps.map((gap) => ({
    level: hidesSomething(gap) ? 'warning' : 'note',
    message: { text: `${gap.kind}: ${places.plain(gap.message)}` },
    locations: [places.location(gap.place)],
  }));
  const cut = {
    level: 'error',
    message: { text: `${left} less severe results were left out to stay within the limits of code scanning.` },
  };
  return {
    executionSuccessful: left === 0 && !report.gaps.some(hidesSomething),
    toolExecutionNotifications: [...(left > 0 ? [cut] : []), ...gaps],
  };
}
