using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>Plans profiles: three keys, written in the order tags, labels, rules (docs/calico-v1.md#profile).</summary>
internal static class ProfilePlanner
{
    private const int Listed = 10;

    /// <summary>Plans a profile that is not there yet.</summary>
    public static PlannedOperation Create(Profile profile, bool evenIfRewritten, ClusterSnapshot snapshot)
    {
        var plan = Begin(profile, snapshot);
        var name = profile.Name;
        OpenStackGuard.Check(plan, name, evenIfRewritten);
        var left = Standing(snapshot, name).Select(k => k.Key).ToList();
        if (snapshot.Calico.Keys.Find(snapshot.Calico.KeyOf(V1Keys.ProfileTags(name))) is not null)
        {
            plan.Error("metadata.name", $"resource already exists: Profile(name={name})");
        }
        else if (left.Count > 0)
        {
            plan.Error("metadata.name", $"resource already exists: Profile(name={name}) in part ({string.Join(", ", left)}): delete it first");
        }

        plan.Step("write profile");
        foreach (var (key, value) in ProfileCodec.Encode(profile))
        {
            plan.Write(key, null, value);
        }

        plan.Command(ShellCommand.WithInput(["calicoctl", "create", "-f", "-"], ResourceDocument.ToYaml(profile)));
        Users(plan, snapshot, name, "have no effect until this exists and are then governed by it");
        return plan.Build();
    }

    /// <summary>Plans other contents of a profile; unknown stored members are kept.</summary>
    /// <param name="specified">What it shall be.</param>
    /// <param name="expectedRevision">The highest revision of its keys that the person saw; null takes the snapshot's.</param>
    /// <param name="evenIfRewritten">Confirms that the OpenStack driver will rewrite it.</param>
    /// <param name="snapshot">What is there.</param>
    public static PlannedOperation Replace(Profile specified, ulong? expectedRevision, bool evenIfRewritten, ClusterSnapshot snapshot)
    {
        var plan = Begin(specified, snapshot, expectedRevision);
        var name = specified.Name;
        if (!snapshot.Calico.Profiles.TryGetValue(name, out var stored))
        {
            plan.Error("metadata.name", $"resource does not exist: Profile(name={name})");
            return plan.Build();
        }

        if (expectedRevision is { } revision && revision != stored.Revision)
        {
            plan.Warn("The profile was changed since this edit began: the write will be refused.");
        }

        var profile = ProfileCodec.Merge(specified, stored.Value);
        var unchanged = ProfileCodec.Encode(stored.Value).ToDictionary(k => k.Key, k => k.Value, StringComparer.Ordinal);
        // Rules that calicoctl shows alike keep their stored form, such as the one in which OpenStack's driver writes them.
        var alike = RuleCodec.ShownAlike(profile.Ingress, stored.Value.Ingress) && RuleCodec.ShownAlike(profile.Egress, stored.Value.Egress);
        var written = ProfileCodec.Encode(alike ? profile with { Ingress = stored.Value.Ingress, Egress = stored.Value.Egress } : profile).ToList();
        OpenStackGuard.Check(plan, name, evenIfRewritten,
            onlyLabels: written.All(w => w.Key == V1Keys.ProfileLabels(name) || unchanged[w.Key].AsSpan().SequenceEqual(w.Value)));
        plan.Step("write profile");
        foreach (var (spelling, value) in written)
        {
            var key = snapshot.Calico.KeyOf(spelling);
            var before = snapshot.Calico.Keys.Find(key);
            var saw = before?.AsSeen(expectedRevision, stored.Revision);
            if (before is not null && !snapshot.Calico.Unparsable.ContainsKey(key) && unchanged[spelling].AsSpan().SequenceEqual(value))
            {
                // It says the same, so it keeps its bytes; written all the same, so that a change made meanwhile is a conflict.
                plan.WriteQuietly(new KeyWrite(key, before.Value, Expectation.At(saw!.Revision)));
            }
            else
            {
                plan.Write(key, saw, value);
            }
        }

        plan.Command(ShellCommand.WithInput(["calicoctl", "replace", "-f", "-"], ResourceDocument.ToYaml(profile)));
        if (!profile.Unknown.Members.IsEmpty || profile.Ingress.Concat(profile.Egress).Any(r => !r.Unknown.Members.IsEmpty))
        {
            plan.Consequence("Stored members that calicoctl does not know are kept; the calicoctl command shown would lose them.");
        }

        Users(plan, snapshot, name, "follow the new rules within a moment; connections that are established stay");
        if (!stored.Value.Tags.SequenceEqual(profile.Tags))
        {
            plan.Consequence("Its tags change: rules of other profiles and policies that name them match other endpoints from now on.");
        }

        return plan.Build();
    }

    /// <summary>Plans the deletion of a profile, key by key, then of its empty directory.</summary>
    public static PlannedOperation Delete(DeleteResource operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        plan.CheckDatastore(snapshot);
        var name = operation.Id.Name;
        var keys = name.Length == 0 ? [] : Standing(snapshot, name);
        if (keys.Count == 0)
        {
            plan.Error("metadata.name", $"resource does not exist: Profile(name={name})");
            return plan.Build();
        }

        var users = ProfileUsers.Count(snapshot.Calico, name);
        if (users > 0)
        {
            var list = $"{Counted.Format(users, "endpoint", "uses", "use")} the profile {name}: {Names(snapshot, name, users)}";
            if (operation.EvenIfInUse)
            {
                plan.Warn($"{list}. Where no policy governs them they are denied everything from the moment it is gone.");
            }
            else
            {
                plan.Error("metadata.name",
                    $"{list}. Without it they are denied everything where no policy governs them. "
                    + "Remove it from them, or confirm the deletion with evenIfInUse");
            }
        }

        plan.Step("delete profile");
        var newest = snapshot.Calico.Profiles.GetValueOrDefault(name)?.Revision ?? keys.Max(k => k.Revision);
        if (operation.ExpectedRevision is { } seen && seen != newest)
        {
            plan.Warn("The profile was changed since it was looked at: the deletion will be refused.");
        }

        foreach (var key in keys.OrderBy(k => Order(k.Key)))
        {
            // The revision that somebody saw is of the keys that count; one that is spelled otherwise goes as it stands, however young it is.
            plan.Write(key.Key, Counts(snapshot.Calico, key.Key) ? key.AsSeen(operation.ExpectedRevision, newest) : key, null);
        }

        foreach (var directory in keys.Select(k => Directory(k.Key)).Prepend(V1Keys.Profile(name)).Distinct(StringComparer.Ordinal))
        {
            plan.WriteQuietly(new KeyWrite(directory, null, Expectation.Any) { EmptyDirectory = true });
        }

        plan.Command(ShellCommand.Join("calicoctl", "delete", "profile", name));
        if (snapshot.Hosts.Values.SelectMany(h => h.Networks.Values).Any(n => n.Driver == CalicoNetworks.Driver && n.Name == name))
        {
            plan.Consequence($"The Docker network {name} stays: "
                + "the plugin makes the profile again, with its default rules, when the next container starts on it.");
        }

        OpenStackGuard.Check(plan, name, operation.EvenIfRewritten);
        return plan.Build();
    }

    // What is below the profile's directory, and those of its keys that are spelled otherwise.
    private static List<StoredKey> Standing(ClusterSnapshot snapshot, string name)
    {
        var calico = snapshot.Calico;
        string[] own = [V1Keys.ProfileTags(name), V1Keys.ProfileLabels(name), V1Keys.ProfileRules(name)];
        return [.. calico.Keys.Below(V1Keys.Profile(name)).Concat(own.SelectMany(calico.SpellingsOf).Select(calico.Keys.Find).OfType<StoredKey>())
            .DistinctBy(k => k.Key, StringComparer.Ordinal)];
    }

    private static bool Counts(CalicoState calico, string key) => V1KeySpelling.For(V1Key.Parse(key)) is not { } spelling || calico.KeyOf(spelling) == key;

    private static string Directory(string key) => key[..key.LastIndexOf('/')];

    private static PlanBuilder Begin(Profile profile, ClusterSnapshot snapshot, ulong? seen = null)
    {
        var plan = new PlanBuilder();
        var result = ResourceValidator.Validate(AsItStood(profile, snapshot));
        var standing = StandingFaults.For(seen, snapshot.Calico.Profiles.GetValueOrDefault(profile.Name)?.Value, result.Errors);
        plan.Errors(result.Errors.Except(standing));
        plan.Warn(standing);
        foreach (var warning in result.Warnings)
        {
            plan.Warn(warning);
        }

        plan.CheckDatastore(snapshot);
        return plan;
    }

    // A stored rule without an action means allow, and the OpenStack driver writes no other: what stands already is no error of this edit.
    private static Profile AsItStood(Profile profile, ClusterSnapshot snapshot)
    {
        var stored = snapshot.Calico.Profiles.GetValueOrDefault(profile.Name)?.Value;
        return stored is null ? profile : profile with { Ingress = Fill(profile.Ingress, stored.Ingress), Egress = Fill(profile.Egress, stored.Egress) };

        static ImmutableArray<Rule> Fill(ImmutableArray<Rule> rules, ImmutableArray<Rule> standing) =>
            [.. rules.Select(r => r.Action.Length == 0 && standing.Any(s => s.Action.Length == 0 && RuleCodec.KnownText(s) == RuleCodec.KnownText(r))
                ? r with { Action = "allow" } : r)];
    }

    private static void Users(PlanBuilder plan, ClusterSnapshot snapshot, string name, string effect)
    {
        var users = ProfileUsers.Count(snapshot.Calico, name);
        plan.Consequence(users == 0 ? "No endpoint uses it at present."
            : $"{Counted.Format(users, "endpoint", "uses", "use")} it ({Names(snapshot, name, users)}). Its endpoints {effect}.");
    }

    // Host endpoints first: without their profile the host itself is cut off.
    private static string Names(ClusterSnapshot snapshot, string profile, int count)
    {
        var hosts = ProfileUsers.Hosts(snapshot.Calico, profile).Take(Listed).Select(e => $"host endpoint {e.Node}/{e.Name}").ToList();
        var ids = ProfileUsers.Workloads(snapshot.Calico, profile).Take(Listed - hosts.Count).Select(e => e.Id).ToList();
        var names = AddressProposal.Names(snapshot, ids);
        return string.Join(", ", hosts.Concat(ids.Select(i => names[i]))) + (count > Listed ? $" and {count - Listed} more" : "");
    }

    private static int Order(string key) => key[(key.LastIndexOf('/') + 1)..] switch { "tags" => 0, "labels" => 1, "rules" => 2, _ => 3 };
}
