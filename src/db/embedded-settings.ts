import { statfsSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'

export interface Machine { memoryMegabytes: number; cores: number; sharedMemoryMegabytes: number }

/** What this machine, or the container we are in, has to give. */
export function thisMachine(): Machine {
  const limit = process.constrainedMemory()
  const memory = limit > 0 && limit < totalmem() ? limit : totalmem()
  let sharedMemoryMegabytes = Infinity
  try {
    const shm = statfsSync('/dev/shm')
    sharedMemoryMegabytes = (shm.blocks * shm.bsize) / 1048576
  } catch {
    // No /dev/shm: not Linux.
  }
  return { memoryMegabytes: Math.floor(memory / 1048576), cores: availableParallelism(), sharedMemoryMegabytes }
}

export interface ServerSettings { name: string; socketFolder: string; port: number | undefined; durable: boolean }

const between = (least: number, value: number, most: number) => Math.round(Math.max(least, Math.min(value, most)))

/** The server's whole configuration file, sized to the machine. */
export function serverConfiguration(server: ServerSettings, machine: Machine): string {
  const memory = machine.memoryMegabytes
  const settings: Record<string, string | number> = {
    cluster_name: server.name,
    // A socket unless a port is asked for: no free port to find, nothing on the network.
    listen_addresses: server.port === undefined ? '' : '127.0.0.1',
    port: server.port ?? 5432,
    unix_socket_directories: server.socketFolder,
    unix_socket_permissions: '0700',
    max_connections: 60,
    shared_buffers: `${between(16, memory / 8, server.durable ? 1024 : 128)}MB`,
    work_mem: `${between(4, memory / 512, 32)}MB`,
    maintenance_work_mem: `${between(32, memory / 16, 512)}MB`,
    effective_cache_size: `${between(64, memory / 2, 1048576)}MB`,
    max_parallel_workers: between(1, machine.cores, 8),
    max_parallel_workers_per_gather: between(1, machine.cores, 2),
    max_parallel_maintenance_workers: between(1, machine.cores, 2),
    random_page_cost: 1.1,
    jit: 'off',
    // No replica reads the log, so new tables need not be written twice.
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_wal_size: server.durable ? '4GB' : '1GB',
    checkpoint_timeout: '15min',
    autovacuum: 'on',
    // A killed console must not leave its long statements working.
    client_connection_check_interval: '2s',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    log_checkpoints: 'off',
    // Statements and details may hold personal data.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse'
  }
  // Containers give /dev/shm 64 MB by default, which one parallel hash can fill.
  if (machine.sharedMemoryMegabytes < 256) settings['dynamic_shared_memory_type'] = 'sysv'
  if (!server.durable) Object.assign(settings, { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: 120 })
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'`)
  return ['# Written at every start. Settings of your own belong into local.conf beside this file; they win.', ...lines, "include_if_exists = 'local.conf'", ''].join('\n')
}
