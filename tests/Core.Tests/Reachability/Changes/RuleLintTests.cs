using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Reachability.Changes;

/// <summary>What is odd about rules that are stored.</summary>
public sealed class RuleLintTests
{
    private static readonly Rule Allow = new() { Action = "allow" };
    private static readonly Rule Log = new() { Action = "log" };
    private static readonly Rule Tcp = Allow with { Protocol = new("tcp", 0) };

    [Fact]
    public void Shadowed_AreRulesThatEarlierOnesTake_InPoliciesAndProfiles()
    {
        var state = CalicoState.Empty with
        {
            Policies = CalicoState.Empty.Policies
                .Add("late", new(new Policy { Name = "late", Selector = "all()", Ingress = [Allow, Tcp], Egress = [Tcp, Allow] }, []))
                .Add("sound", new(new Policy { Name = "sound", Selector = "all()", Ingress = [Tcp, Allow] }, [])),
            Profiles = CalicoState.Empty.Profiles.Add("web", new(new Profile { Name = "web", Egress = [Log, Allow, Log, Allow] }, [])),
        };

        var found = RuleLint.Shadowed(state);

        Assert.Equal(["policy late spec.ingress[1]", "profile web spec.egress[2]", "profile web spec.egress[3]"],
            found.Select(w => $"{w.Subject.Kind} {w.Subject.Name} {w.Field}"));
        Assert.All(found, w => Assert.EndsWith("takes all that it would.", w.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "ingress", "log,log", "ingress")]
    [InlineData("egress", "ingress", "log,log", "")]
    [InlineData("", "ingress", "log,allow", "")]
    [InlineData("", "ingress", "", "")]
    public void OnlyLogs_IsSaidOfDirectionsThatThePolicyDecides(string types, string direction, string actions, string said)
    {
        Rule[] rules = [.. actions.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(a => new Rule { Action = a })];
        var policy = new Policy { Name = "p", Selector = "all()", Types = [.. types.Split(',', StringSplitOptions.RemoveEmptyEntries)] };
        policy = direction == "ingress" ? policy with { Ingress = [.. rules] } : policy with { Egress = [.. rules] };
        Assert.Equal(said, string.Join(',', RuleLint.OnlyLogs(policy)));
    }
}
