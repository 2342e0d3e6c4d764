import type { AgentRun } from '../facts/index.ts';
import type { ModelUse } from './model.ts';
import type { Places } from './places.ts';
import { shownText } from './shown-text.ts';
import { MODEL_FAMILIES } from './vendors.ts';

/** Keys of configuration files that name a model. */
const MODEL_KEYS = new Set(['model', 'model.name', 'models.default', 'env.ANTHROPIC_MODEL']);
/** A name that ends with its day of release always means the same weights. */
const DATED = /(?:\d{8}|\d{4}-\d{2}-\d{2})(?:-v\d+(?::\d+)?)?$/;

/** Which model an agent asks for, as far as the files say. Nothing in a repository states the licence of a model. */
export function modelOf(run: AgentRun, places: Places): ModelUse {
  const { model } = run.invocation;
  if (model !== undefined) {
    const named = nameOf(model.text);
    const stated = named === undefined ? 'run-time' : 'invocation';
    return { ...describe(named), stated, at: places.at(model.place) };
  }
  for (const configuration of run.configuration) {
    if (configuration.role === 'local' || configuration.product !== run.invocation.product) continue;
    const key = configuration.keys.find(({ path }) => MODEL_KEYS.has(path));
    if (key === undefined || configuration.kind !== 'settings') continue;
    return { ...describe(nameOf(key.text)), stated: 'configuration', at: places.at(key.place) };
  }
  return { ...describe(undefined), stated: 'nowhere', at: undefined };
}

function nameOf(text: string): string | undefined {
  const name = text.trim().replace(/^(['"])(.*)\1$/, '$2');
  return /^[\w.:@/[\]-]{1,120}$/.test(name) ? shownText(name) : undefined;
}

function describe(name: string | undefined): Omit<ModelUse, 'stated' | 'at'> {
  return { name, provider: providerOf(name), pinned: name !== undefined && DATED.test(name), licence: undefined };
}

function providerOf(model: string | undefined): string | undefined {
  if (model === undefined) return undefined;
  return MODEL_FAMILIES.find(({ pattern }) => pattern.test(model))?.provider;
}
