import type { Effect } from '../../effect.ts';
import type { ActionRow, ActionUse } from './action-use.ts';
import { CHECKOUT_ACTIONS } from './checkout.ts';
import { CREDENTIAL_ACTIONS } from './credential-actions.ts';
import { CHANGE_ACTIONS, RELEASE_ACTIONS, TEXT_ACTIONS } from './forge-actions.ts';
import { ARTIFACT_ACTIONS, BUILD_ACTIONS, CACHE_ACTIONS } from './tool-actions.ts';

/** Compared with the actions' own descriptions on 2026-11-21. */
const ROWS: readonly ActionRow[] = [
  ...CHECKOUT_ACTIONS,
  ...CACHE_ACTIONS,
  ...BUILD_ACTIONS,
  ...ARTIFACT_ACTIONS,
  ...CREDENTIAL_ACTIONS,
  ...CHANGE_ACTIONS,
  ...RELEASE_ACTIONS,
  ...TEXT_ACTIONS,
];

const BY_NAME = Map.groupBy(
  ROWS.flatMap((row) => row.actions.map((action) => ({ action, row }))),
  ({ action }) => action,
);

/** What a use of an action does. Nothing for an action that the table does not know. */
export function actionEffects(use: ActionUse): readonly Effect[] {
  const { name, path } = use.reference;
  const full = (path === undefined ? name : `${name}/${path}`).toLowerCase();
  return (BY_NAME.get(full) ?? []).flatMap(({ row }) =>
    row.effects(use).map((effect): Effect => ({ ...effect, place: use.place, certainty: 'certain' })),
  );
}
