import type { Place } from '../../syntax/index.ts';
import { mapObject } from './heap-object.ts';
import { HARMLESS_TYPES } from './idioms.ts';
import { annotationValue } from './invoke.ts';
import type { Frame, Machine } from './machine.ts';
import { moduleFrame } from './modules.ts';
import { objectValue, taintedValue, UNKNOWN, type Value } from './value.ts';

/** What a form or a serializer has accepted, by the names of its fields (Django, Django REST framework). */
const ACCEPTED: ReadonlySet<string> = new Set(['cleaned_data', 'validated_data']);

/** Fields whose values are no text that outsiders choose. */
const PLAIN_FIELD =
  /\.(?:Integer|BigInteger|PositiveInteger|SmallInteger|Float|Decimal|Boolean|NullBoolean|Date|DateTime|Time|Duration|UUID|Choice|TypedChoice|MultipleChoice|ModelChoice|PrimaryKeyRelated|IPAddress|GenericIPAddress)Field\(\)$/;

const FIELD = /Field\(\)$/;
/** These have fields of a model that are not written down here. */
const OF_MODEL = /\.(?:Hyperlinked)?Model(?:Form|Serializer)$/;

/** The accepted data of a form whose class says of which kind each field is. */
export function acceptedFields(object: Value, name: string, whole: Value, machine: Machine): Value {
  const owner = ACCEPTED.has(name) ? machine.onlyObject(object, 'instance')?.object.class : undefined;
  if (!owner || owner.bases.some((base) => OF_MODEL.test(base.name ?? ''))) return whole;
  const fields = [...machine.object(owner.object).entries].filter(([, field]) => FIELD.test(field.name ?? ''));
  if (fields.length === 0) return whole;
  const text = taintedValue(whole.taint);
  const entries = new Map(fields.map(([key, field]) => [key, PLAIN_FIELD.test(field.name ?? '') ? UNKNOWN : text]));
  return objectValue(machine.newObject(mapObject(entries)));
}

const ENUMERATION = /^enum\.(?:(?:Str|Int)?Enum|(?:Int)?Flag)$/;
const LITERAL = /^:?\s*(?:typing\.)?(?:Optional\[\s*(?:typing\.)?)?Literal\[/;

/** Whether a framework lets only values through in which outsiders choose no text: numbers, members of an enumeration. */
export function isPlainType(annotation: string, type: Value): boolean {
  if (LITERAL.test(annotation) || HARMLESS_TYPES.has(type.name ?? '')) return true;
  return type.callables.some(
    (one) => one.kind === 'class' && one.bases.some(({ name = '' }) => ENUMERATION.test(name)),
  );
}

const TEXT = /^:?\s*(?:(?:typing\.)?(?:Optional|Annotated)\[\s*)*["']?str\b/;
const FREE_FORM = /\b(?:[dD]ict|Any|Mapping|JSON|object)\b/;

/** Of `list[Item]` it is `Item`, of any other type the type itself. */
export function elementType(annotation: string): string {
  return annotation.replace(/^:?\s*(?:typing\.)?(?:[lL]ist|[sS]et|Sequence|Iterable|[tT]uple)\[\s*/, '');
}

/** Whether a framework lets only texts through, or a thing of a class whose fields all have types: no operator of a query. */
export function isTextType(annotation: string, type: Value): boolean {
  if (TEXT.test(annotation)) return !FREE_FORM.test(annotation);
  return type.callables.some(
    (one) =>
      one.kind === 'class' &&
      one.node.members.some(({ annotation: field }) => field !== undefined) &&
      one.node.members.every(({ annotation: field = '' }) => !FREE_FORM.test(field)),
  );
}

/** A thing that a framework makes of a request: of its declared fields those hold text that are not of a plain type. */
export function receivedInstance(type: Value, whole: Value, place: Place, machine: Machine): Value | undefined {
  const owner = type.callables.find((callable) => callable.kind === 'class');
  if (owner?.kind !== 'class') return undefined;
  const construct = owner.node.members.find(({ kind }) => kind === 'constructor')?.function;
  const parameters = construct?.parameters ?? [];
  const fields = owner.node.members.filter(({ kind }) => kind === 'field');
  const inside: Frame = { ...moduleFrame(owner.module, machine.store, machine), scope: owner.scope };
  const plain = [...fields, ...parameters].flatMap(({ name, annotation }): readonly string[] => {
    if (name === undefined || annotation === undefined) return [];
    const target = { kind: 'name', name, place } as const;
    return isPlainType(annotation, annotationValue(annotation, { target }, machine, inside)) ? [name] : [];
  });
  if (plain.length === 0) return undefined;
  const entries = new Map(plain.map((name) => [name, UNKNOWN]));
  const object = { ...mapObject(entries, taintedValue(whole.taint)), kind: 'instance', class: owner } as const;
  return { ...objectValue(machine.newObject(object)), ...(type.name === undefined ? {} : { name: type.name }) };
}
