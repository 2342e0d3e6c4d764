import {
  ASSIGN,
  BINARY,
  BRANCH,
  CALL,
  FUNCTION,
  INDEX,
  type LanguageTable,
  MEMBER,
  PAIR,
  type TermRow,
} from './table.ts';

const NAME: TermRow = { kind: 'name', text: 'whole' };
const CONSTANT: TermRow = { kind: 'constant', text: 'whole' };
const OPERATORS: { readonly [operator: string]: TermRow['kind'] } = {
  '&&': 'and',
  '||': 'or',
  '==': 'compare',
  '!=': 'compare',
  '<': 'compare',
  '<=': 'compare',
  '>': 'compare',
  '>=': 'compare',
};

/** Go. */
export const GO: LanguageTable = {
  rows: {
    identifier: NAME,
    field_identifier: NAME,
    package_identifier: NAME,
    type_identifier: NAME,
    label_name: NAME,
    blank_identifier: NAME,
    qualified_type: NAME,
    dot: NAME,
    true: CONSTANT,
    false: CONSTANT,
    nil: CONSTANT,
    iota: CONSTANT,
    int_literal: { kind: 'number', text: 'whole' },
    float_literal: { kind: 'number', text: 'whole' },
    rune_literal: { kind: 'number', text: 'whole' },
    interpreted_string_literal: { kind: 'string', text: 'content' },
    raw_string_literal: { kind: 'string', text: 'content' },
    selector_expression: { kind: 'member', roles: MEMBER },
    index_expression: { kind: 'index', roles: INDEX },
    slice_expression: { kind: 'index', roles: { ...INDEX, start: 'left', end: 'right' } },
    call_expression: { kind: 'call', roles: CALL },
    argument_list: { kind: 'list' },
    expression_list: { kind: 'other' },
    composite_literal: { kind: 'map', roles: { body: 'body' } },
    literal_value: { kind: 'list' },
    keyed_element: { kind: 'pair', roles: PAIR },
    short_var_declaration: { kind: 'assign', roles: ASSIGN },
    assignment_statement: { kind: 'assign', text: { field: 'operator' }, roles: ASSIGN },
    var_spec: { kind: 'assign', roles: ASSIGN },
    const_spec: { kind: 'assign', roles: ASSIGN },
    function_declaration: { kind: 'function', roles: FUNCTION },
    method_declaration: { kind: 'function', roles: FUNCTION },
    func_literal: { kind: 'function', roles: FUNCTION },
    parameter_list: { kind: 'list' },
    parameter_declaration: { kind: 'parameter', roles: { name: 'name', type: 'value' } },
    variadic_parameter_declaration: { kind: 'parameter', roles: { name: 'name', type: 'value' } },
    field_declaration: { kind: 'field', roles: { name: 'name', tag: 'tag' } },
    type_spec: { kind: 'class', roles: { name: 'name', type: 'body' } },
    struct_type: { kind: 'block' },
    field_declaration_list: { kind: 'block' },
    if_statement: { kind: 'if', roles: BRANCH },
    for_statement: { kind: 'loop', roles: { condition: 'test', body: 'body' } },
    for_clause: { kind: 'other', roles: { condition: 'test' } },
    range_clause: { kind: 'other', roles: { left: 'left', right: 'subject' } },
    expression_switch_statement: { kind: 'choice', roles: { value: 'subject', initializer: 'initializer' } },
    type_switch_statement: { kind: 'choice', roles: { value: 'subject', initializer: 'initializer' } },
    select_statement: { kind: 'choice' },
    expression_case: { kind: 'case', roles: { value: 'test' }, rest: 'body' },
    type_case: { kind: 'case', roles: { type: 'test' }, rest: 'body' },
    communication_case: { kind: 'case', roles: { communication: 'test' }, rest: 'body' },
    default_case: { kind: 'case', rest: 'body' },
    return_statement: { kind: 'return' },
    break_statement: { kind: 'break' },
    continue_statement: { kind: 'continue' },
    block: { kind: 'block' },
    statement_list: { kind: 'block' },
    go_statement: { kind: 'spawn' },
    defer_statement: { kind: 'defer' },
    import_spec: { kind: 'import', roles: { path: 'source' } },
  },
  transparent: new Set([
    ...['parenthesized_expression', 'expression_statement', 'literal_element', 'import_spec_list', 'else_clause'],
    'type_assertion_expression',
  ]),
  ignored: new Set(['comment', 'package_clause', 'type_arguments', 'type_parameter_list', 'empty_statement']),
  choose: (node, textOf) => {
    const operator = node.children.find((child) => child.field === 'operator');
    const word = operator === undefined ? '' : textOf(operator);
    if (node.type === 'binary_expression') {
      return { kind: OPERATORS[word] ?? 'operation', text: { field: 'operator' }, roles: BINARY };
    }
    if (node.type !== 'unary_expression') return undefined;
    return word === '!' ? { kind: 'not' } : { kind: 'operation', text: { field: 'operator' } };
  },
};
