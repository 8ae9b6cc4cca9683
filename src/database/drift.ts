import type { DataSource } from 'typeorm';

/**
 * What entities and the migrated schema disagree about, as the statements that would bring the schema to the
 * entities, and the tables that have no entity; empty when they agree. Indexes and checks that TypeORM cannot
 * express are marked `synchronize: false` on the entity and not compared.
 */
export async function findDrift(dataSource: DataSource): Promise<string[]> {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  const entities = new Set(dataSource.entityMetadatas.map((metadata) => metadata.tableName));
  const tables = await dataSource.query<{ name: string }[]>(`
    SELECT relname AS name FROM pg_class
    WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = current_schema()::regnamespace
    ORDER BY relname`);
  const strangers = tables.filter(({ name }) => name !== dataSource.options.migrationsTableName && !entities.has(name));
  return [...upQueries.map(({ query }) => query), ...strangers.map(({ name }) => `table ${name} has no entity`)];
}
