import type { JsonValue } from '../../system/index.ts';
import type { BaselineState } from '../comparison.ts';
import type { Edit, Finding, Fix, Suppression } from '../finding.ts';
import { jsonObject } from './json-text.ts';
import type { RenderOptions } from './options.ts';
import type { SarifPlaces } from './sarif-place.ts';
import { type Bands, LEVELS } from './sarif-rule.ts';

export interface ResultContext {
  readonly places: SarifPlaces;
  readonly bands: Bands;
  readonly baselineOf: (finding: Finding) => BaselineState | undefined;
  readonly options: Pick<RenderOptions, 'suppressed'>;
}

/** GitHub shows as many steps and related places of one result. */
const MAX_STEPS = 1000;
const MAX_RELATED = 100;

/** One `result` (SARIF 2.1.0 §3.27). */
export function resultValue(finding: Finding, context: ResultContext): JsonValue {
  const { places, bands, baselineOf, options } = context;
  const { place, message, detail, cut, fingerprint, severity, confidence, suppression, subject } = finding;
  const { id: ruleId, index: ruleIndex } = bands.find(finding);
  const text = [`${message}.`.replace(/([.!?])\.$/, '$1'), detail, cut && `Cut: ${cut}`].filter(Boolean).join('\n\n');
  return jsonObject({
    ruleId,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: places.plain(text) },
    locations: [places.resultLocation(place)],
    relatedLocations: someOf(
      finding.related.slice(0, MAX_RELATED).map((related, index) => ({
        id: index + 1,
        ...places.location(related.place, related.message),
      })),
    ),
    codeFlows: someOf(codeFlows(finding, places)),
    fixes: someOf(finding.fixes.map((fix) => fixValue(fix, places))),
    suppressions: options.suppressed === 'omit' ? undefined : suppressionsOf(suppression, places),
    baselineState: baselineOf(finding),
    fingerprints: { 'sallyport/1': fingerprint },
    partialFingerprints: jsonObject({ primaryLocationLineHash: places.lineHash(place) }),
    properties: { severity, confidence, subject },
  });
}

function codeFlows({ flow }: Finding, places: SarifPlaces): readonly JsonValue[] {
  if (flow.length === 0) return [];
  const locations = flow.slice(0, MAX_STEPS).map(({ place, message, role }, index) => ({
    location: places.location(place, message),
    executionOrder: index + 1,
    kinds: [role],
    importance: index === 0 || index === flow.length - 1 ? 'essential' : 'important',
  }));
  return [{ threadFlows: [{ locations }] }];
}

function fixValue({ title, safety, edits, creates }: Fix, places: SarifPlaces): JsonValue {
  const changed = [...Map.groupBy(edits, ({ file }) => file)].map(([file, list]) => ({
    artifactLocation: places.artifactLocation(file),
    replacements: list.map((edit) => replacementValue(edit, places)),
  }));
  const created = creates.map(({ file, content }) => ({
    artifactLocation: places.artifactLocation(file),
    replacements: [{ deletedRegion: { charOffset: 0, charLength: 0 }, insertedContent: { text: content } }],
  }));
  return {
    description: { text: places.plain(`${title} (${safety})`) },
    artifactChanges: [...changed, ...created],
  };
}

function replacementValue({ file, span, text }: Edit, places: SarifPlaces): JsonValue {
  const deletedRegion = places.region({ file, span }) ?? {
    charOffset: span.start,
    charLength: span.end - span.start,
  };
  return text === '' ? { deletedRegion } : { deletedRegion, insertedContent: { text } };
}

/** Every result has the list once a tool knows suppressions (§3.27.23): empty means not suppressed. */
function suppressionsOf(suppression: Suppression | undefined, places: SarifPlaces): readonly JsonValue[] {
  if (suppression === undefined) return [];
  const { by, reason, until, place } = suppression;
  return [
    jsonObject({
      kind: by === 'comment' ? 'inSource' : 'external',
      status: 'accepted',
      justification: until === undefined ? reason : `${reason} (until ${until})`,
      location: place && places.location(place),
      properties: { by },
    }),
  ];
}

function someOf(list: readonly JsonValue[]): readonly JsonValue[] | undefined {
  return list.length === 0 ? undefined : list;
}
