import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A hand-written migration. Once released its SQL never changes: what follows is a new one.
 * It runs in a transaction and must leave the schema usable by the version of the program before it, because
 * processes are replaced one after the other.
 */
export abstract class Migration implements MigrationInterface {
  /** Ends in 13 digits of epoch milliseconds, TypeORM's order of migrations. */
  abstract readonly name: string;
  abstract readonly sql: string;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(this.sql);
  }

  /** Migrations only go forward: data written since cannot be un-migrated without loss. */
  async down(): Promise<void> {
    throw new Error(`${this.name} cannot be taken back: restore a backup, or write a migration that goes on from here`);
  }
}
