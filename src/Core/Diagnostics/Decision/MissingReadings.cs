using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Diagnostics.Probes;

namespace CalicoConsole.Core.Diagnostics.Decision;

/// <summary>What a diagnosis wanted to read and could not.</summary>
internal static class MissingReadings
{
    /// <summary>Each with its place and its reason, the asking end first.</summary>
    public static ImmutableArray<string> In(DiagnosisEvidence evidence)
    {
        var missing = new List<string>();
        Add(evidence.Test, "test", evidence.NameOf(evidence.From));
        foreach (var end in evidence.Ends)
        {
            var name = evidence.NameOf(end);
            Add(end.Inside, "network inside the container", name);
            Add(end.OwnHost, "ping to its own host", name);
            Add(end.Setup, "settings of calico-node", end.HostName);
            Add(end.Machine, "network of the host", end.HostName);
            Add(end.Rules, "rules of the kernel", end.HostName);
            Add(end.Bgp, "sessions of BIRD", end.HostName);
            Add(end.FelixLog, "log of Felix", end.HostName);
            Add(end.Published, "published ports", name);
            Add(end.Stored, "Docker's record of the endpoint", name);
        }

        return [.. missing.Distinct(StringComparer.Ordinal)];

        void Add<T>(Reading<T> reading, string what, string where)
            where T : class
        {
            if (reading.Failed)
            {
                missing.Add($"{what} of {where}: {reading.Missing}");
            }
        }
    }
}
