import type { Attribute } from '../catalog/catalog.ts'
import type { AssignmentRule, AttributeType } from '../db/database.ts'
import { isOn, textOf } from '../form.ts'
import type { FieldMessages } from '../problem.ts'
import { movedSource, ruleLabels, typeLabels } from './attribute.ts'

export interface AttributeInput { code: string; name: string; type: string; choices: string; description: string; rule: string; order: number[]; filterIndex: boolean }

/** Reads the form; a pressed arrow ("up 3", "down 3") has moved its source already. */
export function readAttribute(body: unknown): AttributeInput {
  const ids = textOf(body, 'order').split(',').map(Number).filter((id) => Number.isSafeInteger(id) && id > 0).slice(0, 1000)
  const [way, id] = textOf(body, 'move').split(' ')
  return {
    code: textOf(body, 'code').toLowerCase(), name: textOf(body, 'name'), type: textOf(body, 'type'), choices: textOf(body, 'choices'), description: textOf(body, 'description'),
    rule: textOf(body, 'rule'), order: way ? movedSource(ids, Number(id), way === 'up' ? -1 : 1) : ids, filterIndex: isOn(body, 'filterIndex')
  }
}

export function isMove(body: unknown): boolean {
  return textOf(body, 'move') !== ''
}

export function inputOfAttribute(attribute: Attribute): AttributeInput {
  return { ...attribute, choices: (attribute.choices ?? []).join('\n'), description: attribute.description ?? '', order: attribute.sourceOrder }
}

export interface AttributeValue { code: string; name: string; type: AttributeType; choices: string[] | null; description: string | null; rule: AssignmentRule; sourceOrder: number[]; filterIndex: boolean }

/** Checks what was typed. Code, type and choices of a known attribute stay as they are. */
export function parseAttribute(input: AttributeInput, known: Attribute | undefined, all: readonly Attribute[]): { value: AttributeValue; messages: undefined } | { value: undefined; messages: FieldMessages } {
  const messages: FieldMessages = {}
  const others = all.filter((other) => other.id !== known?.id)
  if (input.name === '') messages['name'] = 'Give the attribute a name.'
  else if (input.name.length > 60) messages['name'] = 'A name can have at most 60 characters.'
  else if (others.some((other) => other.name.toLowerCase() === input.name.toLowerCase())) messages['name'] = 'Another attribute has this name already.'
  if (input.description.length > 500) messages['description'] = 'A description can have at most 500 characters.'
  if (!Object.hasOwn(ruleLabels, input.rule)) messages['rule'] = 'Choose a rule.'
  const choices = known ? known.choices : choicesOf(input)
  if (!known) Object.assign(messages, problemsOfNew(input, others, choices))
  if (Object.keys(messages).length) return { value: undefined, messages }
  return {
    messages: undefined,
    value: {
      code: known?.code ?? input.code, name: input.name, type: known?.type ?? input.type as AttributeType, choices, description: input.description || null,
      rule: input.rule as AssignmentRule, sourceOrder: input.order, filterIndex: input.filterIndex
    }
  }
}

function choicesOf(input: AttributeInput): string[] | null {
  return input.type === 'choice' ? [...new Set(input.choices.split('\n').map((line) => line.trim()).filter(Boolean))] : null
}

function problemsOfNew(input: AttributeInput, others: readonly Attribute[], choices: string[] | null): FieldMessages {
  const messages: FieldMessages = {}
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(input.code)) messages['code'] = 'A code begins with a letter and has at most 40 letters a-z, digits and _, such as shoe_size.'
  else if (others.some((other) => other.code === input.code)) messages['code'] = `There is an attribute with the code ${input.code} already.`
  if (!Object.hasOwn(typeLabels, input.type)) messages['type'] = 'Choose a type.'
  if (choices && choices.length < 2) messages['choices'] = 'Type at least two choices, one in a line.'
  else if (choices && (choices.length > 200 || choices.some((choice) => choice.length > 100))) messages['choices'] = 'There can be at most 200 choices of at most 100 characters.'
  return messages
}
