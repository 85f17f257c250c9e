using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Tests.Manifests;
using CalicoConsole.Core.Tests.Operations.Resources;
using Xunit.Sdk;

namespace CalicoConsole.Core.Tests.Golden;

/// <summary>
/// How many golden cases there are and pass, by kind, as a table in the test's output. A case is a golden step put through one check, or a value
/// that a real tool stored, read and written again. A step of calicoctl that has neither a check nor a reason why not fails.
/// </summary>
public sealed class GoldenReportTests(ITestOutputHelper output)
{
    private const string CarriedOut = "carried out alike";
    private const string Refused = "refused alike";
    private const string Stored = "stored bytes alike";
    private const string Configuration = "configuration";

    private static readonly string[] Commands = ["calicoctl", "multi", "errors", "misc", "node", "node-startup"];
    private static readonly string[] Plugins =
        ["docker", "docker-env", "docker-ipv6", "docker-ipv6-host-fails", "docker-v1.1.2", "felix", "felix-reporting", "ipam"];

    [Fact]
    public void Cases_ByKind_AllPass()
    {
        var counts = new SortedDictionary<string, Dictionary<string, (int Passed, int Total)>>(StringComparer.Ordinal);
        var (failed, left, notOurs) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var step in GoldenStep.Read([.. Commands, .. Plugins]))
        {
            var cases = Cases(step).Concat(Values(step)).ToList();
            if (cases.Count == 0 && Commands.Contains(step.Name.Split('/')[0], StringComparer.Ordinal))
            {
                (GoldenShellTests.WhyNot(step) is { } reason ? notOurs : left).Add($"{step.Name}: {GoldenShellTests.WhyNot(step) ?? step.Command}");
            }

            foreach (var (kinds, column, run) in cases)
            {
                var error = Run(run);
                if (error is not null)
                {
                    failed.Add($"{step.Name} ({column}): {error}");
                }

                foreach (var kind in kinds)
                {
                    var row = counts.TryGetValue(kind, out var known) ? known : counts[kind] = new(StringComparer.Ordinal);
                    var (passed, total) = row.GetValueOrDefault(column);
                    row[column] = (passed + (error is null ? 1 : 0), total + 1);
                }
            }
        }

        output.WriteLine(Table(counts));
        output.WriteLine($"Steps of calicoctl that are no case of ours: {notOurs.Count}\n{string.Join('\n', notOurs)}");
        Assert.True(left.Count == 0, $"Neither checked nor said why not:\n{string.Join('\n', left)}");
        Assert.True(failed.Count == 0, string.Join('\n', failed));
        string[] kindsOfResources =
        [
            KindNames.IPPool, KindNames.Profile, KindNames.Policy, KindNames.Node, KindNames.BgpPeer, KindNames.HostEndpoint, KindNames.WorkloadEndpoint,
        ];
        Assert.All(kindsOfResources, k => Assert.Equal(3, counts[k].Count));
        Assert.Contains(Configuration, counts.Keys);
    }

    // Each step with each check that takes it.
    private static IEnumerable<(string[] Kinds, string Column, Action Run)> Cases(GoldenStep step)
    {
        var kinds = KindsOf(step);
        var name = step.Name;
        foreach (var (data, column, run) in new (TheoryData<string>, string, Action<string>)[]
        {
            (GoldenShellTests.CarriedOut, CarriedOut, new GoldenShellTests().Step_CarriedOutByUs_SameOutputAndSameKeys),
            (ManifestPlannerTests.Written, CarriedOut, new ManifestPlannerTests().Plan_GoldenStep_LeavesWhatCalicoctlLeft),
            (ResourcePlannerGoldenTests.WriteSteps, CarriedOut, new ResourcePlannerGoldenTests().Write_GoldenStep_StandsAsCalicoctlLeftIt),
            (ResourcePlannerGoldenTests.DeleteSteps, CarriedOut, new ResourcePlannerGoldenTests().Delete_GoldenStep_RemovesTheSameKeys),
            (
                ResourcePlannerGoldenTests.ConfigSteps,
                step.ExitCode == 0 ? CarriedOut : Refused,
                new ResourcePlannerGoldenTests().Config_GoldenStep_SameKeysOrSameReason
            ),
            (ManifestPlannerTests.Refused, Refused, new ManifestPlannerTests().Plan_GoldenRefusal_InCalicoctlsWords),
            (ResourcePlannerGoldenTests.RefusedSteps, Refused, new ResourcePlannerGoldenTests().Refused_GoldenStep_SameReason),
        })
        {
            if (Names(data).Contains(name))
            {
                yield return (kinds, column, () => run(name));
            }
        }

        if (Names(ManifestGoldenTests.Inputs).Contains(name))
        {
            var column = step.Stdout.Contains("Failed to execute", StringComparison.Ordinal) ? Refused : CarriedOut;
            yield return (kinds, column, () => new ManifestGoldenTests().Read_GoldenInput_AcceptedOrRefusedAsCalicoctl(name));
        }

        if (step.Command.Contains("config get", StringComparison.Ordinal))
        {
            yield return (kinds, CarriedOut, () => new ResourcePlannerGoldenTests().ConfigGet_Golden_PrintsTheSame());
        }
    }

    // What the real tools stored, but for what was set by hand.
    private static IEnumerable<(string[] Kinds, string Column, Action Run)> Values(GoldenStep step)
    {
        if (step.Command.Contains("etcdctl", StringComparison.Ordinal))
        {
            yield break;
        }

        var keys = step.Before.SetItems(step.Set);
        foreach (var (key, value) in step.Set)
        {
            var bytes = Encoding.UTF8.GetBytes(value);
            (string Kind, Func<byte[]?> Again)? found = V1Key.Parse(key) switch
            {
                V1Key.Pool => (KindNames.IPPool, () => IPPoolCodec.Encode(IPPoolCodec.Decode(bytes).Value!)),
                V1Key.ProfileKey p => (KindNames.Profile, () => EncodedAgain(p, keys).Single(w => w.Key == key).Value),
                V1Key.Policy p => (KindNames.Policy, () => PolicyCodec.Encode(PolicyCodec.Decode(p.Name, bytes).Value!)),
                V1Key.NodeKey n => (KindNames.Node, () => EncodedAgain(n, keys).Single(w => w.Key == key).Value),
                V1Key.BgpPeer p => (KindNames.BgpPeer, () => BgpPeerCodec.Encode(BgpPeerCodec.Decode(p.Node, p.Peer, bytes).Value!)),
                V1Key.HostEndpoint e => (KindNames.HostEndpoint, () => HostEndpointCodec.Encode(HostEndpointCodec.Decode(e.Node, e.Name, bytes).Value!)),
                V1Key.WorkloadEndpoint e => (KindNames.WorkloadEndpoint, () => WorkloadEndpointCodec.Encode(WorkloadEndpointCodec.Decode(e.Id, bytes).Value!)),
                V1Key.IpamBlock => ("IPAM block", () => IpamBlockCodec.Encode(IpamBlockCodec.Decode(bytes).Value!)),
                V1Key.IpamHandle => ("IPAM handle", () => IpamHandleCodec.Encode(IpamHandleCodec.Decode(bytes).Value!)),
                _ => null,
            };
            if (found is { } one)
            {
                string? Again() => one.Again() is { } again ? Encoding.UTF8.GetString(again) : null;
                yield return ([one.Kind], Stored, () => Assert.Equal($"{key} {value}", $"{key} {Again()}"));
            }
        }
    }

    private static ImmutableArray<KeyValuePair<string, byte[]>> EncodedAgain(V1Key.ProfileKey key, IEnumerable<KeyValuePair<string, string>> keys) =>
        ProfileCodec.Encode(ProfileCodec.Decode(key.Name, OfKind(keys, k => k is V1Key.ProfileKey o && o.Name == key.Name)).Value);

    private static ImmutableArray<KeyValueWrite> EncodedAgain(V1Key.NodeKey key, IEnumerable<KeyValuePair<string, string>> keys) =>
        NodeCodec.Encode(NodeCodec.Decode(key.Node, OfKind(keys, k => k is V1Key.NodeKey o && o.Node == key.Node)).Value);

    private static IEnumerable<StoredKey> OfKind(IEnumerable<KeyValuePair<string, string>> keys, Func<V1Key, bool> wanted) =>
        keys.Where(k => wanted(V1Key.Parse(k.Key))).Select(k => new StoredKey(k.Key, Encoding.UTF8.GetBytes(k.Value), 1));

    private static string[] KindsOf(GoldenStep step)
    {
        if (step.Command.Contains("cc config", StringComparison.Ordinal))
        {
            return [Configuration];
        }

        var named = Regex.Matches(step.Command, @"calicoctl-v1\.6\.4 get (\w+)|cc (?:get|delete) (\w+)")
            .Select(m => ManifestExport.Kind(m.Groups[1].Value + m.Groups[2].Value));
        var inputs = step.Input is null ? [] : ManifestReader.Read(step.Input).Items.Select(i => ManifestExport.Kind(i.Kind));
        string[] kinds = [.. named.Concat(inputs).Select(k => k ?? "no kind or several").Distinct(StringComparer.Ordinal)];
        return kinds.Length == 0 ? ["no kind or several"] : kinds;
    }

    private static HashSet<string> Names(TheoryData<string> data) => [.. data.Select(row => row.Data)];

    private static string? Run(Action run)
    {
        try
        {
            run();
            return null;
        }
        catch (XunitException e)
        {
            return e.Message;
        }
    }

    private static string Table(SortedDictionary<string, Dictionary<string, (int Passed, int Total)>> counts)
    {
        string[] columns = [CarriedOut, Refused, Stored];
        var text = new StringBuilder("golden cases passed / total by kind\n").Append(CultureInfo.InvariantCulture, $"{"",-20}");
        text.AppendJoin("", columns.Select(c => $"{c,20}")).Append(CultureInfo.InvariantCulture, $"{"all",14}\n");
        foreach (var (kind, row) in counts)
        {
            var cells = columns.Select(c => row.TryGetValue(c, out var n) ? $"{n.Passed} / {n.Total}" : "-");
            text.Append(CultureInfo.InvariantCulture, $"{kind,-20}").AppendJoin("", cells.Select(c => $"{c,20}"));
            text.Append(CultureInfo.InvariantCulture, $"{$"{row.Values.Sum(n => n.Passed)} / {row.Values.Sum(n => n.Total)}",14}\n");
        }

        var all = counts.Values.SelectMany(r => r.Values).ToArray();
        return text.Append(CultureInfo.InvariantCulture, $"{"all",-80}{$"{all.Sum(n => n.Passed)} / {all.Sum(n => n.Total)}",14}").ToString();
    }
}
