import type { Gap, Place } from '../../syntax/index.ts';
import type { ControlFact, FactSheet, PlacedValue } from '../facts/fact.ts';

/** Facts of one file while they are collected. Caps what one file may say. */
export class SheetBuilder {
  readonly #facts: ControlFact[] = [];
  readonly #scopes = new Map<string, Place>();
  readonly #movable = new Set<string>();
  readonly #gaps: Gap[] = [];
  readonly #values: PlacedValue[] = [];
  readonly #file: string;
  #full = false;

  constructor(file: string) {
    this.#file = file;
    this.#scopes.set('', { file, span: { start: 0, end: 0 } });
  }

  add(fact: ControlFact): void {
    if (this.#facts.length < MOST_FACTS) this.#facts.push(fact);
    else if (!this.#full) {
      this.#full = true;
      this.#gaps.push({
        kind: 'cap',
        message: `more than ${MOST_FACTS} facts in one file: the rest is not compared`,
        place: fact.place,
      });
    }
  }

  scope(name: string, place: Place): void {
    if (!this.#scopes.has(name)) this.#scopes.set(name, place);
  }

  /** A scope that is the same in whatever file it stands: its name says where it belongs. */
  movableScope(name: string, place: Place): void {
    this.scope(name, place);
    this.#movable.add(name);
  }

  /** Something that the file says, whatever it is about. */
  value(value: PlacedValue): void {
    this.#values.push(value);
  }

  gap(gap: Gap): void {
    this.#gaps.push(gap);
  }

  get file(): string {
    return this.#file;
  }

  done(): FactSheet {
    return {
      facts: this.#facts,
      scopes: this.#scopes,
      movableScopes: this.#movable,
      values: this.#values,
      gaps: this.#gaps,
    };
  }
}

const MOST_FACTS = 20_000;
