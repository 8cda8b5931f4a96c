using System.Security.Cryptography;
using System.Text;

namespace TshErp.Data.Queue;

/// <summary>The transaction-level advisory lock of one entity.</summary>
public static class EntityLock
{
    /// <summary>Takes the locks of <c>$1 bigint[]</c> in the order given: sort it.</summary>
    public const string Sql = "select count(pg_advisory_xact_lock(key)) from unnest($1) as key";

    /// <summary>The key of an entity. Two entities that share one only wait for each other.</summary>
    public static long KeyOf(string entityType, string sourceEntityId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{entityType}\0{sourceEntityId}"), hash);
        return BitConverter.ToInt64(hash);
    }
}
