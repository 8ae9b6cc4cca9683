import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';

/** The latest value of a reserved trait that could not be read, and why: the field of the contact shows it. */
@Entity('refused_trait')
export class RefusedTraitRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('uuid')
  contactId!: Id;

  @PrimaryColumn('text')
  trait!: string;

  /** JSON text, shortened. */
  @Column('text')
  value!: string;

  @Column('text')
  message!: string;

  @Column('text')
  hint!: string;

  @Column(instantColumn)
  at!: Instant;
}
