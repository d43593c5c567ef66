import { plain, tagsOf } from '../html.ts'

/** A form of a page as a browser would send it. */
export interface PageForm {
  /** Where it is sent: by itself, or by a button that has an address of its own. */
  action: string
  /** What is sent where nobody touched it; `button` is what the first button that says something says. */
  fields: Record<string, string[]>
  button: [name: string, value: string] | null
  /** It is what another form of the page holds too, sent elsewhere by one of its buttons. */
  beside: boolean
  /** Every name that it can send, with what people see of it: hidden, text, checkbox, select... */
  controls: Map<string, string>
}

/** The forms of a page that send something to the console, controls outside them included. */
export function formsOf(html: string): PageForm[] {
  const forms: (PageForm & { id: string; others: string[] })[] = []
  let inside: (typeof forms)[number] | undefined
  let select: { name: string; values: string[]; first: string | undefined } | undefined
  const tags = tagsOf(html)
  const opened = (name: string) => forms.find(({ id }) => id === name)
  for (const { name: tag, attributes } of tags) {
    const of = Object.fromEntries(attributes)
    if (tag === 'form' && of['method'] === 'post') forms.push({ id: of['id'] ?? '', action: of['action']!, fields: {}, button: null, beside: false, controls: new Map(), others: [] })
  }
  const all = forms.values()
  for (const { name: tag, end, attributes, at } of tags) {
    const of = Object.fromEntries(attributes)
    if (tag === 'form') inside = !end && of['method'] === 'post' ? all.next().value : undefined
    const form = of['form'] === undefined ? inside : opened(of['form'])
    if (!form || 'disabled' in of) continue
    const add = (name: string, value: string) => (form.fields[name] ??= []).push(value)
    const name = of['name'] ?? ''
    if (tag === 'button' && !end) {
      if (of['formaction'] && of['formmethod'] !== 'get') form.others.push(of['formaction'])
      else if (name && of['type'] !== 'button') form.button ??= [name, of['value'] ?? '']
    } else if (tag === 'select' && end && select) {
      if (select.values.length || select.first !== undefined) (form.fields[select.name] ??= []).push(...(select.values.length ? select.values : [select.first!]))
      select = undefined
    } else if (tag === 'option' && !end && select) {
      select.first ??= of['value'] ?? ''
      if ('selected' in of) select.values.push(of['value'] ?? '')
    } else if (end || !name || name === '_csrf') {
      continue
    } else if (tag === 'select') {
      form.controls.set(name, tag)
      select = { name, values: [], first: undefined }
    } else if (tag === 'textarea') {
      form.controls.set(name, tag)
      add(name, plain(html.slice(at, html.indexOf('</textarea>', at))).replace(/^\n/, ''))
    } else if (tag === 'input') {
      const type = of['type'] ?? 'text'
      form.controls.set(name, type)
      if (type === 'file' || ((type === 'checkbox' || type === 'radio') && !('checked' in of))) continue
      add(name, of['value'] ?? (type === 'checkbox' ? 'on' : ''))
    }
  }
  return forms.flatMap(({ id: _id, others, ...form }) => [form, ...others.map((action) => ({ ...form, action, button: null, beside: true }))])
}
