import { type CST, Lexer, Parser } from 'yaml';
import type { GapList } from './gap-list.ts';
import { READING_LIMITS } from './reading-limits.ts';

/**
 * The concrete syntax of a YAML stream within the caps. The library composes nested values by recursion, so nesting
 * and number of nodes are cut here, before it sees them: what was cut becomes an empty value and a gap.
 */
export function readTokens(text: string, gaps: GapList): readonly CST.Token[] {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  let read = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++lexemes > READING_LIMITS.lexemes) {
      gaps.note('cap', `more than ${READING_LIMITS.lexemes} tokens: the rest was not read`, read, text.length);
      break;
    }
    for (const token of parser.next(lexeme)) tokens.push(token);
    read = parser.offset;
  }
  for (const token of parser.end()) tokens.push(token);
  return cutTokens(tokens, gaps);
}

interface Budget {
  nodes: number;
  readonly gaps: GapList;
}

function cutTokens(tokens: readonly CST.Token[], gaps: GapList): readonly CST.Token[] {
  const budget: Budget = { nodes: READING_LIMITS.nodes, gaps };
  const kept: CST.Token[] = [];
  for (const token of tokens) {
    if (token.type === 'document' && --budget.nodes < 0) {
      gaps.note('cap', `more than ${READING_LIMITS.nodes} nodes: the rest was not read`, token.offset);
      break;
    }
    if (token.type === 'document' && token.value !== undefined) cutCollections(token.value, budget);
    kept.push(token);
  }
  return kept;
}

type Collection = CST.BlockMap | CST.BlockSequence | CST.FlowCollection;

function isCollection(token: CST.Token | null | undefined): token is Collection {
  return token?.type === 'block-map' || token?.type === 'block-seq' || token?.type === 'flow-collection';
}

function cutCollections(root: CST.Token, budget: Budget): void {
  let level: Collection[] = isCollection(root) ? [root] : [];
  for (let depth = 1; level.length > 0; depth++) {
    const below: Collection[] = [];
    for (const collection of level) {
      cutItems(collection, budget);
      for (const item of collection.items) {
        if (isCollection(item.key)) below.push(item.key);
        if (isCollection(item.value)) below.push(item.value);
        if (depth >= READING_LIMITS.depth) cutChildren(item, budget);
      }
    }
    level = depth >= READING_LIMITS.depth ? [] : below;
  }
}

function cutItems(collection: Collection, budget: Budget): void {
  const affordable = Math.max(Math.floor(budget.nodes / 2), 0);
  budget.nodes -= collection.items.length * 2;
  if (collection.items.length <= affordable) return;
  const message = `more than ${READING_LIMITS.nodes} nodes: the rest was not read`;
  budget.gaps.note('cap', message, collection.offset);
  collection.items.length = affordable;
}

function cutChildren(item: CST.CollectionItem, { gaps }: Budget): void {
  const cut = (token: Collection): CST.FlowScalar => {
    gaps.note('cap', `nested deeper than ${READING_LIMITS.depth} levels`, token.offset);
    return { type: 'scalar', offset: token.offset, indent: token.indent, source: '' };
  };
  if (isCollection(item.key)) item.key = cut(item.key);
  if (isCollection(item.value)) item.value = cut(item.value);
}
