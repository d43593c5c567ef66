/** Last words of names under which figures name something. */
const words = new Set(['id', 'ids', 'no', 'nr', 'key', 'code', 'number', 'num', 'zip', 'postcode', 'phone', 'mobile', 'tel', 'telephone', 'fax', 'card', 'account', 'barcode', 'ean', 'sku', 'isbn', 'imei'])
const compounds = /^(user|member|customer|client|order|open|union|device|shop|store|product|item|parent)id$|(编号|号|号码|邮编|电话|手机|条码)$/

/**
 * Whether figures name something, so that nobody adds them up: by the name of the column, or by leading zeros, a country
 * prefix, eleven and more places everywhere, sixteen anywhere, or letters among a few of them.
 */
export function looksLikeCode(name: string, cells: readonly string[]): boolean {
  if (cells.some((cell) => /^0\d+$/.test(cell) || /^\d{16,}$/.test(cell) || /^\+\d{8,}$/.test(cell))) return true
  const figures = cells.filter((cell) => /^\d+$/.test(cell))
  const others = cells.filter((cell) => !/^\d+$/.test(cell))
  // A point or a sign among them: amounts.
  if (others.some((cell) => /^[-+]?[\d., ]*[.,]\d+$|^[-+]\d+$/.test(cell))) return false
  return isCodeName(name) || (figures.length > 0 && figures.every((cell) => cell.length >= 11)) || others.some((cell) => /^(?=.*\d)(?=.*[a-z])[\w-]+$/i.test(cell))
}

function isCodeName(name: string): boolean {
  const plain = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase().trim()
  return words.has(plain.split(/[^a-z]+/).filter(Boolean).at(-1) ?? '') || compounds.test(plain)
}
