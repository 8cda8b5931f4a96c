using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TshErp.ServiceDefaults;

/// <summary>Bounds of every request and answer: body size, slow senders, compression, origins, proxies, shutdown.</summary>
internal static class HttpLimits
{
    internal const long DefaultMaxBodyBytes = 10 * 1024 * 1024;

    internal static void AddHttpLimits(this IHostApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var services = builder.Services;
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(20));
        services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = configuration.GetValue("Http:MaxBodyBytes", DefaultMaxBodyBytes);
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
        // Unreadable bodies throw in every environment, so that one middleware words the refusal.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);

        services.AddResponseCompression(options =>
        {
            // Answers never mix a secret with text the caller chose, which is what compression over TLS would give away.
            options.EnableForHttps = true;
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, Problem.ContentType, "image/svg+xml"];
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);

        AddOrigins(services, List(configuration, "Cors:Origins"));
        TrustProxies(services, List(configuration, "Http:TrustedProxies"));
    }

    private static void AddOrigins(IServiceCollection services, string[] origins)
    {
        if (origins.Length == 0) return;
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(origins)
            .AllowAnyHeader()
            .AllowAnyMethod()
            .AllowCredentials()
            .WithExposedHeaders(RequestIds.Header, "ETag", "Retry-After", "Idempotent-Replayed")
            .SetPreflightMaxAge(TimeSpan.FromHours(1))));
    }

    // ASPNETCORE_FORWARDEDHEADERS_ENABLED would trust every sender; this runs after it and trusts only whom the operator names.
    private static void TrustProxies(IServiceCollection services, string[] proxies) =>
        services.PostConfigure<ForwardedHeadersOptions>(options =>
        {
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            options.ForwardedHeaders = proxies.Length == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            foreach (var proxy in proxies)
            {
                if (IPAddress.TryParse(proxy, out var address)) options.KnownProxies.Add(address);
                else options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            }
        });

    /// <summary>A list written as <c>Key__0</c>, <c>Key__1</c> or as one value with commas.</summary>
    internal static string[] List(IConfiguration configuration, string key) =>
    [
        .. configuration.GetSection(key).GetChildren().Select(child => child.Value)
            .Append(configuration[key])
            .SelectMany(value => (value ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Distinct(StringComparer.OrdinalIgnoreCase),
    ];
}
