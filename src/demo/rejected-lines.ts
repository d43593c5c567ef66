/** Lines that no import can take, among those that it can: every file of real life has some. */
function* spoil(lines: Iterable<string>, bad: Record<number, (line: string) => string>): Iterable<string> {
  let number = 0
  for (const line of lines) {
    yield line
    const make = bad[number++]
    if (make) yield make(line)
  }
}

const otherKey = (line: string, key: string) => line.replace(/^[^,]*/, key)

export function spoilShop(lines: Iterable<string>): Iterable<string> {
  return spoil(lines, {
    412: (line) => otherKey(line, 'YL09999001').replace(/\d{4}-\d\d-\d\d,/, '1987-02-30,'),
    2718: (line) => line,
    4096: (line) => otherKey(line, ''),
    6174: (line) => otherKey(line, 'YL09999002').replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, '2025-13-01 10:20:00'),
    9001: (line) => otherKey(line, 'YL09999003').replace(/,(\d+\.\d\d),/, ',￥$1,'),
    11235: () => 'YL09999004,13700000000,导出中断'
  })
}

export function spoilWeb(lines: Iterable<string>): Iterable<string> {
  return spoil(lines, {
    1618: (line) => otherKey(line, 'W099001').replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, '2024-02-30 09:15:00'),
    3141: (line) => `${otherKey(line, 'W099002')},请放门口,谢谢`,
    5772: (line) => line,
    8128: (line) => otherKey(line, '')
  })
}
