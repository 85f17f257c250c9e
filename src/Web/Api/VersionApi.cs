using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET version</c>: which console answers, and which Calico it speaks.</summary>
internal static class VersionApi
{
    private static readonly BaselineAnswer Baseline = new("etcd v2 keys", "1.6.3", "v2.6.9");

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("version", () => new VersionAnswer(ConsoleVersion.Number, ConsoleVersion.Commit, Baseline))
            .WithName("getVersion")
            .WithSummary("The console's version, the commit it was built from (null when unknown), and the Calico that it works like");
}

internal sealed record VersionAnswer(string Version, string? Commit, BaselineAnswer Baseline);

/// <summary>What the console's data, words and refusals are those of.</summary>
internal sealed record BaselineAnswer(string Datastore, string Calicoctl, string CalicoNode);
