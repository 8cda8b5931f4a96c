using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace TshErp.Data.Migrations;

[DbContext(typeof(ErpDb))]
[Migration("202611210001_Sync")]
internal sealed class M202611210001_Sync : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        -- The queue's clock: the database's own, plus a skew that only tests set.
        create table tds_clock (
            only_row boolean primary key default true check (only_row),
            skew interval not null default '0'
        );
        insert into tds_clock default values;

        create function tds_now() returns timestamptz language sql volatile as
            $$ select clock_timestamp() + (select skew from tds_clock) $$;

        create table tds_inbox_events (
            id uuid constraint pk_tds_inbox_events primary key,
            source_type text not null,
            entity_type text not null,
            source_entity_id text not null,
            operation_type text not null,
            raw_body bytea not null,
            dedup_key text not null,
            content_hash text not null,
            webhook_headers jsonb,
            auth_method text not null,
            signature_verified boolean not null,
            ip_address text,
            received_at timestamptz not null,
            last_received_at timestamptz not null,
            delivery_count integer not null,
            source_version timestamptz,
            correlation_id text not null,
            state text not null,
            constraint ck_tds_inbox_events_state check (state in ('received', 'queued', 'quarantined'))
        );
        create unique index ux_tds_inbox_events_dedup_key on tds_inbox_events (dedup_key);
        create index ix_tds_inbox_events_entity on tds_inbox_events (source_entity_id, entity_type, received_at);

        create table tds_sync_queue (
            id uuid constraint pk_tds_sync_queue primary key,
            seq bigint generated always as identity not null,
            inbox_event_id uuid constraint fk_tds_sync_queue_inbox_event_id references tds_inbox_events (id) on delete set null,
            sync_run_id uuid,
            entity_type text not null,
            source_entity_id text not null,
            operation_type text not null,
            validated_payload jsonb,
            source_version timestamptz,
            supersedable boolean not null,
            status text not null,
            priority smallint not null,
            rank_at timestamptz not null,
            attempt_count integer not null,
            max_retry_attempts integer not null,
            next_retry_at timestamptz,
            locked_by text,
            lock_expires_at timestamptz,
            lease_token uuid,
            lease_epoch integer not null,
            heartbeat_at timestamptz,
            created_at timestamptz not null,
            started_at timestamptz,
            completed_at timestamptz,
            target_entity_id text,
            result text,
            error_message text,
            error_code varchar(50),
            last_error_class text,
            superseded_by uuid,
            replay_count integer not null,
            correlation_id text,
            traceparent text,
            constraint ck_tds_sync_queue_status check (status in ('pending', 'retry', 'processing', 'completed', 'superseded', 'skipped', 'dead_letter', 'cancelled')),
            constraint ck_tds_sync_queue_attempts check (attempt_count >= 0 and max_retry_attempts between 1 and 10),
            constraint ck_tds_sync_queue_priority check (priority between 1 and 10),
            constraint ck_tds_sync_queue_lease check ((status = 'processing') = (lease_token is not null) and (status = 'processing') = (lock_expires_at is not null)),
            constraint ck_tds_sync_queue_retry check ((status = 'retry') = (next_retry_at is not null)),
            constraint ck_tds_sync_queue_finished check ((status in ('pending', 'retry', 'processing')) = (completed_at is null)),
            constraint ck_tds_sync_queue_result check ((status = 'completed' and result = 'applied') or (status = 'skipped' and result in ('stale', 'unchanged')) or (status not in ('completed', 'skipped') and result is null))
        ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0.05);
        create index ix_tds_sync_queue_inbox_event_id on tds_sync_queue (inbox_event_id);
        create index ix_tds_sync_queue_ready on tds_sync_queue (entity_type, rank_at, seq) where status = 'pending';
        create index ix_tds_sync_queue_retry on tds_sync_queue (next_retry_at) where status = 'retry';
        create index ix_tds_sync_queue_unfinished on tds_sync_queue (entity_type, source_entity_id, seq) where status in ('pending', 'retry', 'processing');
        create unique index ux_tds_sync_queue_processing on tds_sync_queue (entity_type, source_entity_id) where status = 'processing';
        create index ix_tds_sync_queue_leases on tds_sync_queue (lock_expires_at) where status = 'processing';
        create index ix_tds_sync_queue_completed_at on tds_sync_queue (completed_at);

        create table tds_dead_letter_queue (
            id uuid constraint pk_tds_dead_letter_queue primary key,
            sync_queue_id uuid not null,
            entity_type text not null,
            source_entity_id text not null,
            failure_reason text not null,
            error_code text,
            total_attempts integer not null,
            last_error_message text,
            last_stack_trace text,
            last_payload jsonb,
            fingerprint text not null,
            resolved boolean not null,
            resolved_at timestamptz,
            resolved_by text,
            resolution_notes text,
            created_at timestamptz not null,
            priority smallint not null,
            constraint ck_tds_dead_letter_queue_resolved check (resolved = (resolved_at is not null))
        );
        create unique index ux_tds_dead_letter_queue_sync_queue_id on tds_dead_letter_queue (sync_queue_id);
        create index ix_tds_dead_letter_queue_resolved on tds_dead_letter_queue (resolved, created_at);
        create index ix_tds_dead_letter_queue_entity on tds_dead_letter_queue (entity_type, source_entity_id);

        create table tds_quarantine (
            id uuid constraint pk_tds_quarantine primary key,
            received_at timestamptz not null,
            path text not null,
            entity_type text,
            error_code text not null,
            detail text not null,
            raw_body bytea not null,
            body_length integer not null,
            webhook_headers jsonb,
            ip_address text,
            correlation_id text not null
        );
        create index ix_tds_quarantine_received_at on tds_quarantine (received_at);

        create table tds_entity_state (
            entity_type text not null,
            source_id text not null,
            local_id bigint,
            last_version timestamptz,
            last_seq bigint,
            last_hash text,
            deleted_at timestamptz,
            last_applied_at timestamptz,
            last_event_id uuid,
            constraint pk_tds_entity_state primary key (entity_type, source_id)
        ) with (fillfactor = 80);

        create table tds_workers (
            id text constraint pk_tds_workers primary key,
            host text not null,
            pid integer not null,
            started_at timestamptz not null,
            last_heartbeat_at timestamptz not null,
            current_items integer not null,
            processed bigint not null,
            failed bigint not null,
            entity_types text[] not null
        );

        create table tds_sync_runs (
            id uuid constraint pk_tds_sync_runs primary key,
            run_type text not null,
            entity_type text,
            status text not null,
            worker_id text,
            seen integer not null,
            created integer not null,
            updated integer not null,
            unchanged integer not null,
            stale integer not null,
            failed integer not null,
            started_at timestamptz not null,
            completed_at timestamptz,
            error_summary text,
            constraint ck_tds_sync_runs_status check (status in ('running', 'completed', 'failed')),
            constraint ck_tds_sync_runs_sum check (seen = created + updated + unchanged + stale + failed)
        );
        create index ix_tds_sync_runs_entity on tds_sync_runs (entity_type, run_type, started_at);

        create table tds_sync_cursors (
            entity_type text constraint pk_tds_sync_cursors primary key,
            next_page integer,
            sync_run_id uuid,
            last_completed_at timestamptz
        );

        create table tds_oauth_tokens (
            provider text constraint pk_tds_oauth_tokens primary key,
            access_token text,
            expires_at timestamptz,
            refreshed_at timestamptz
        );
        """);
}
