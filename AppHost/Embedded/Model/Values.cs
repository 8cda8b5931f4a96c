using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Has a value that is known when the application runs.</summary>
public interface IValueProvider
{
    /// <summary>The value.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>Has an expression that stands for its value in published files.</summary>
public interface IManifestExpressionProvider;

/// <summary>Makes a parameter's value when configuration holds none.</summary>
public abstract class ParameterDefault
{
    /// <summary>The value.</summary>
    public abstract string GetDefaultValue();
}

/// <summary>A random value from a cryptographic source.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    /// <summary>At least this many characters.</summary>
    public int MinLength { get; set; }

    /// <summary>Whether characters beyond letters and digits may occur.</summary>
    public bool Special { get; set; } = true;

    /// <inheritdoc/>
    public override string GetDefaultValue()
    {
        const string plain = "ABCDEFGHJKLMNPQRTUVWXYZabcdefghjkmnpqrtuvwxyz0123456789";
        return RandomNumberGenerator.GetString(Special ? plain + "-_.{}~()*+!" : plain, Math.Max(MinLength, 16));
    }
}

/// <summary>A value from outside: configuration key <c>Parameters:name</c>, else its default.</summary>
public class ParameterResource : Resource, IValueProvider, IManifestExpressionProvider
{
    private readonly Lazy<string> value;

    internal ParameterResource(string name, Func<string> value, bool secret)
        : base(name)
    {
        this.value = new(value);
        Secret = secret;
    }

    /// <summary>Whether the value must not be shown.</summary>
    public bool Secret { get; }

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => new(value.Value);

    internal string Reveal() => value.Value;
}

/// <summary>A resource's endpoint; its value is the URL.</summary>
public sealed class EndpointReference : IValueProvider, IManifestExpressionProvider
{
    private readonly ResourceDefinition owner;

    internal EndpointReference(Resource owner, string endpointName)
    {
        this.owner = owner.Definition;
        EndpointName = endpointName;
    }

    /// <summary>The endpoint's name, <c>http</c> unless another was given.</summary>
    public string EndpointName { get; }

    /// <summary>The address, known once the application starts.</summary>
    public string Url => owner.Endpoints.Find(e => e.Name == EndpointName) is { Allocated.Count: > 0 } endpoint
        ? endpoint.Url()
        : throw new InvalidOperationException($"The endpoint `{EndpointName}` is not allocated.");

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);
}

/// <summary>Text with values in it that are known when the application runs.</summary>
public class ReferenceExpression : IValueProvider, IManifestExpressionProvider
{
    private readonly IReadOnlyList<object> parts;

    private ReferenceExpression(IReadOnlyList<object> parts) => this.parts = parts;

    /// <summary>Takes an interpolated string apart.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => new(handler.Parts);

    async ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
            text.Append(part is IValueProvider provider ? await provider.GetValueAsync(cancellationToken) : part);
        return text.ToString();
    }

    /// <summary>Receives the pieces of the interpolated string from the compiler.</summary>
    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler
    {
        /// <summary>Called by the compiler.</summary>
        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount) => Parts = new(formattedCount + (literalLength > 0 ? 1 : 0));

        internal List<object> Parts { get; }

        /// <summary>Called by the compiler for the text between values.</summary>
        public readonly void AppendLiteral(string value) => Parts.Add(value);

        /// <summary>Called by the compiler for a value.</summary>
        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => Parts.Add(valueProvider);
    }
}
