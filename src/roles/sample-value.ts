import type { GrantLevel } from '../access/grants.ts'
import { maskedWhole, maskText } from '../access/mask.ts'
import type { Attribute, CatalogColumn } from '../catalog/catalog.ts'

const ofType: Record<CatalogColumn['type'], string> = { text: 'West Lake store', choice: 'Gold', number: '12,480', time: '2026-05-30 21:04', date: '1990-06-15', multi: 'tea, hiking' }
const ofIdType: Record<string, string> = { MOBILE: '13800001234', EMAIL: 'jane@example.com', ONEID: 'M0019384457', IMEI: '356938035643809', MAC_ORG: '00:1b:44:11:3a:b7', TAOBAO_NICK: 'tea_lover_88' }
const ofAttribute: Record<string, string> = { name: '王晓敏', gender: 'Female', age: '36', city: 'Hangzhou', province: 'Zhejiang', member_level: 'Gold', channel: 'Web shop' }
const hash = { md5: '5f4dcc3b5aa765d61d8327deb882cf99', sha256: '5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8', aes: 'c2FtcGxlIG9mIGEgdmFsdWU=' }

/** A value made up from the kind of a column; never one of the data. */
export function sampleOfColumn(column: Pick<CatalogColumn, 'kind' | 'type' | 'idType' | 'encryption'>): Record<GrantLevel, string> {
  if (column.kind !== 'id') return sample(column.type, ofType[column.type])
  const encrypted = column.encryption && column.encryption !== 'unencrypted' ? hash[column.encryption] : undefined
  return sample('text', encrypted ?? ofIdType[column.idType ?? ''] ?? 'A7-20481-55')
}

export function sampleOfAttribute({ code, type, choices }: Pick<Attribute, 'code' | 'type' | 'choices'>): Record<GrantLevel, string> {
  return sample(type, ofAttribute[code] ?? choices?.[0] ?? ofType[type])
}

function sample(type: CatalogColumn['type'], full: string): Record<GrantLevel, string> {
  return { hidden: '', masked: type === 'text' || type === 'choice' ? maskText(full) : maskedWhole, full }
}
