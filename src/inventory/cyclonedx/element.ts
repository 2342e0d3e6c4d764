import { isArray, type JsonObject, type JsonValue } from '../../system/index.ts';

/** CycloneDX properties; a value that is not known is left out, a list becomes one property an entry. */
export type PropertyMap = { readonly [name: string]: string | number | boolean | readonly string[] | undefined };

/** `sallyport:` is our namespace in the CycloneDX property taxonomy; docs/formats/inventory.md lists the names. */
export function properties(map: PropertyMap): readonly JsonObject[] {
  return Object.entries(map).flatMap(([name, value]): readonly JsonObject[] => {
    if (value === undefined) return [];
    const values = typeof value === 'object' ? value : [String(value)];
    return values.map((one) => ({ name: `sallyport:${name}`, value: one }));
  });
}

/** An object without the fields that are undefined or empty lists. CycloneDX wants each entry of a list once. */
export function element(fields: { readonly [key: string]: JsonValue | undefined }): JsonObject {
  const kept: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || (isArray(value) && value.length === 0)) continue;
    kept.push([name, isArray(value) ? once(value) : value]);
  }
  return Object.fromEntries(kept);
}

function once(list: readonly JsonValue[]): readonly JsonValue[] {
  return [...new Map(list.map((one) => [JSON.stringify(one), one])).values()];
}

/** `bom-ref` of a thing in a repository: unique by its parts. */
export function refOf(kind: string, ...parts: readonly string[]): string {
  return [kind, ...parts.map((part) => encodeURIComponent(part.toWellFormed()))].join('/');
}

/** `file:line`, or the file alone. */
export function placeText({ file, line }: { readonly file: string; readonly line: number | undefined }): string {
  return line === undefined ? file : `${file}:${line}`;
}
