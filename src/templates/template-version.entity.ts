import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';

/** A published template; never changes (rule D8). */
@Entity('template_version')
export class TemplateVersionRow {
  @PrimaryColumn('text')
  templateId!: string;

  @PrimaryColumn('integer')
  version!: number;

  @Column('text')
  hash!: string;

  @Column('jsonb')
  files!: Record<string, string>;

  @Column(instantColumn)
  publishedAt!: Instant;
}
