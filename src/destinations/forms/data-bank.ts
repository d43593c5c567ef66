import { wholeNumber } from '../../form.ts'
import type { FieldMessages } from '../../problem.ts'
import type { DataBankSettings } from '../destination.ts'
import { textIn, type KindForm } from './kind-form.ts'

const labels: Record<keyof DataBankSettings, string> = { least: 'Fewest users', most: 'Most users', rowsPerFile: 'Rows in a file' }
const names = Object.keys(labels) as (keyof DataBankSettings)[]
const texts: Record<keyof DataBankSettings, string> = { least: 'Data Bank refuses fewer. A smaller group is not written.', most: 'Data Bank refuses more.', rowsPerFile: 'A larger group is split into several files.' }

/** The bounds that Data Bank publishes are where it begins. */
export const dataBankForm: KindForm<DataBankSettings> = {
  blank: { least: '5000', most: '200000000', rowsPerFile: '1000000' },
  valuesOf: (settings) => Object.fromEntries(names.map((name) => [name, String(settings[name])])),
  check(values) {
    const messages: FieldMessages = {}
    const number = (name: keyof DataBankSettings) => {
      const found = wholeNumber(textIn(values, name), 1, 200_000_000)
      if (found === undefined) messages[name] = 'Write a number from 1 to 200,000,000, without commas.'
      return found ?? 0
    }
    const settings = { least: number('least'), most: number('most'), rowsPerFile: number('rowsPerFile') }
    if (!Object.keys(messages).length && settings.least > settings.most) messages['most'] = 'This is less than the fewest users.'
    return { settings, messages }
  },
  placeOf: () => '',
  needed: () => [],
  checkSecrets: () => ({}),
  sections: (values) => [{ legend: 'Bounds', shown: '', fields: names.map((name) => ({ id: name, label: labels[name], control: 'number', value: textIn(values, name), help: texts[name] })) }]
}
