import type { MapEntry } from '../../syntax/index.ts';
import type { PermissionScope, Permissions } from '../model.ts';

/** Read `permissions:`. Undefined for a form that GitHub refuses. */
export function readPermissions(entry: MapEntry | undefined, file: string): Permissions | undefined {
  if (entry === undefined) return undefined;
  const place = { file, span: entry.span };
  const { value } = entry;
  if (value.kind === 'scalar') {
    if (value.text === 'read-all' || value.text === 'write-all') return { mode: value.text, scopes: [], place };
    return value.text === '' || value.text === 'none' ? { mode: 'none', scopes: [], place } : undefined;
  }
  if (value.kind !== 'map') return undefined;
  if (value.entries.length === 0) return { mode: 'none', scopes: [], place };
  const scopes = value.entries.map(
    (scope): PermissionScope => ({
      name: scope.key.text,
      access: scope.value.kind === 'scalar' ? accessOf(scope.value.text) : 'none',
      place: { file, span: scope.span },
    }),
  );
  return { mode: 'map', scopes, place };
}

/** A word that GitHub does not know counts as a write right. */
function accessOf(text: string): PermissionScope['access'] {
  return text === 'read' || text === 'none' ? text : 'write';
}
