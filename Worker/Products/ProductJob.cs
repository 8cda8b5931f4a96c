using System.Text.Json;
using Npgsql;
using TshErp.Data.Queue;
using TshErp.Data.Sync;
using TshErp.Worker.Engine;
using TshErp.Worker.Zoho;

namespace TshErp.Worker.Products;

/// <summary>Brings one product up to date: from the delivered body when that is complete and versioned, else from Zoho by id.</summary>
internal sealed class ProductJob(ZohoClient zoho, TimeProvider time) : IJobHandler
{
    public string EntityType => EntityTypes.Product;

    public async Task<IReadOnlyList<PreparedJob>> PrepareAsync(IReadOnlyList<ClaimedJob> jobs, bool reread, CancellationToken cancellationToken)
    {
        var prepared = new PreparedJob?[jobs.Count];
        var ask = new List<int>();
        for (var i = 0; i < jobs.Count; i++)
        {
            var job = jobs[i];
            if (job.Operation == Operation.Delete)
                prepared[i] = new(job, new ProductChange(job.SourceEntityId, Item: null, job.SourceVersion ?? job.CreatedAt, Authoritative: false, job.Seq, job.Id));
            else if (!reread && job.Payload is { } payload && JsonSerializer.Deserialize<JsonElement>(payload) is var item && ItemMapper.IsComplete(item))
                prepared[i] = new(job, new ProductChange(job.SourceEntityId, item, ItemMapper.VersionOf(item)!.Value, Authoritative: false, job.Seq, job.Id));
            else
                ask.Add(i);
        }

        if (ask.Count > 0)
        {
            var askedAt = time.GetUtcNow();
            var found = await zoho.GetItemDetailsAsync([.. ask.Select(i => jobs[i].SourceEntityId)], cancellationToken);
            foreach (var i in ask)
            {
                var job = jobs[i];
                // An id that Zoho does not know is gone: a delete as of the moment we asked.
                prepared[i] = found.TryGetValue(job.SourceEntityId, out var item)
                    ? ItemMapper.VersionOf(item) is { } version
                        ? new(job, new ProductChange(job.SourceEntityId, item, version, Authoritative: true, job.Seq, job.Id))
                        : new(job, Work: null, new JobFailure(FailureClass.Permanent, "VERSION_MISSING", "Zoho's record carries no last_modified_time that can be read."))
                    : new(job, new ProductChange(job.SourceEntityId, Item: null, askedAt, Authoritative: true, job.Seq, job.Id));
            }
        }
        return prepared!;
    }

    public async Task<IReadOnlyList<JobOutcome>> ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<PreparedJob> jobs, CancellationToken cancellationToken)
    {
        var results = await ProductWriter.ApplyAsync(transaction, [.. jobs.Select(j => (ProductChange)j.Work!)], cancellationToken);
        return [.. results.Select(Outcome)];
    }

    private static JobOutcome Outcome(ProductResult result)
    {
        var target = result.ProductId?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return result.Effect switch
        {
            ProductEffect.Created or ProductEffect.Updated => new JobOutcome.Ended(QueueResult.Applied, target),
            ProductEffect.Unchanged => new JobOutcome.Ended(QueueResult.Unchanged, target),
            ProductEffect.Stale => new JobOutcome.Ended(QueueResult.Stale, target),
            ProductEffect.Undecided => new JobOutcome.Reread(),
            ProductEffect.Unreadable => new JobOutcome.Failed(new(FailureClass.Permanent, "FIELD_INVALID", $"These fields cannot be read: {result.Detail}.")),
            ProductEffect.SkuTaken => new JobOutcome.Failed(new(FailureClass.Permanent, "SKU_CONFLICT", $"Another product already has the SKU {result.Detail}.")),
            _ => throw new InvalidOperationException($"Unknown effect {result.Effect}."),
        };
    }
}
