import type { MapPart, Module } from '../../code/index.ts';
import { allExpressionsOf, statementsIn } from '../code-walk.ts';
import { type AddedCode, literalText } from './added-code.ts';
import { codeOf, type Placed } from './spot.ts';

/** Libraries that show pages in a browser by a table of addresses. */
const ROUTERS = /^(?:@angular\/router|vue-router|react-router(?:-dom)?|@remix-run\/router|svelte-spa-router)$/;
/** What a page is made of. */
const PAGES = /^(?:component|components|element|loadComponent|loadChildren|lazy)$/;
/** What asks before it is shown (angular.dev, route guards; router.vuejs.org, navigation guards). */
const GUARDS = /^(?:canActivate|canActivateChild|canLoad|canMatch|beforeEnter)$/;

interface Page {
  /** What is shown. */
  readonly content: string;
  readonly address: string | undefined;
  readonly guards: string;
  readonly part: Placed;
}

/**
 * A page that a patch guards, or gives another address, in the program that the browser runs: everybody has that program
 * (CWE-602). Said only where no page goes and no other file changes: one of those may be the server's.
 */
export function pageStillThere({ before, after, alone }: AddedCode): Placed | undefined {
  if (!alone || !isOfBrowser(before)) return undefined;
  const [old, now] = [pagesIn(before), pagesIn(after)];
  if (old.length === 0 || now.length < old.length) return undefined;
  return now.find(({ content, address, guards }) => {
    const was = old.filter((page) => page.content === content);
    if (was.length !== 1) return false;
    const [one] = was;
    return (
      one !== undefined && (guards !== one.guards || address !== one.address) && guards.length >= one.guards.length
    );
  })?.part;
}

function isOfBrowser({ body }: Module): boolean {
  return statementsIn(body).some((statement) => statement.kind === 'import' && ROUTERS.test(statement.from));
}

function pagesIn(module: Module): readonly Page[] {
  return allExpressionsOf(module).flatMap((part) => {
    if (part.kind !== 'map') return [];
    const written = (names: RegExp): string =>
      part.entries.map((entry) => (names.test(keyOf(entry)) ? codeOf(entry.value, module.file) : '')).join('');
    const content = written(PAGES);
    const address = part.entries.find((entry) => keyOf(entry) === 'path')?.value;
    return content === '' ? [] : [{ content, address: literalText(address), guards: written(GUARDS), part }];
  });
}

function keyOf(entry: MapPart): string {
  return entry.kind === 'entry' && entry.key.kind === 'literal' ? String(entry.key.value) : '';
}
