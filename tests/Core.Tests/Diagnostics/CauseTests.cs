using CalicoConsole.Core.Diagnostics.Causes;
using CalicoConsole.Core.Diagnostics.Decision;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability;

namespace CalicoConsole.Core.Tests.Diagnostics;

/// <summary>Every cause fires on its own sample, is named first there, is silent where all is well, and never claims a proof that nobody read.</summary>
public sealed class CauseTests
{
    public static TheoryData<string> Codes { get; } = [.. CauseCases.ByCode.Keys];

    [Fact]
    public void EveryCause_HasASampleOrAReason() => Assert.Equal(
        AllCauses.InOrder.Select(c => c.Code).Order(StringComparer.Ordinal),
        CauseCases.ByCode.Keys.Concat(CauseCases.Without.Keys).Order(StringComparer.Ordinal));

    [Fact]
    public void Causes_AreUniqueAndNameOnlyEachOther()
    {
        var all = AllCauses.InOrder;
        Assert.Equal(all.Length, all.Select(c => c.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(all.Length, all.Select(c => c.Code).Distinct(StringComparer.Ordinal).Count());
        Assert.All(all, c =>
        {
            Assert.Matches("^D[0-9]{2}$", c.Id);
            Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", c.Code);
            Assert.True(c.Title.Length > 10 && c.Why.Length > 30 && c.Why.EndsWith('.'), c.Code);
            Assert.Empty(c.EffectOf.Except(all.Select(o => o.Code), StringComparer.Ordinal));
            Assert.DoesNotContain(c.Code, c.EffectOf);
        });
    }

    [Theory]
    [InlineData("docker01/web", "docker02/far")]
    [InlineData("docker01/web", "docker01/near")]
    public void Healthy_NothingIsFound(string from, string to)
    {
        var world = new DoctorWorld { Question = new(from, to), Answered = true };
        var diagnosis = world.Decide();
        Assert.Equal(DiagnosisOutcome.Works, diagnosis.Outcome);
        Assert.Empty(diagnosis.AlsoSeen);
        Assert.False(diagnosis.Disagrees);
        Assert.All(diagnosis.Path, h => Assert.Equal(HopState.Good, h.State));
    }

    [Fact]
    public void LostWithoutAReason_CannotTell()
    {
        var diagnosis = new DoctorWorld().Decide();
        Assert.Equal(DiagnosisOutcome.CannotTell, diagnosis.Outcome);
        Assert.Null(diagnosis.Cause);
        Assert.NotEmpty(diagnosis.NextStep);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Sample_IsNamedFirst(string code)
    {
        var world = new DoctorWorld();
        CauseCases.ByCode[code](world);
        var diagnosis = world.Decide();
        var named = CauseCases.Beside.Contains(code) ? diagnosis.AlsoSeen.FirstOrDefault(f => f.Cause.Code == code) : diagnosis.Cause;
        Assert.True(named?.Cause.Code == code, $"{diagnosis.Cause?.Cause.Code ?? "none"}: {diagnosis.Headline}");
        Assert.NotEmpty(named!.Headline);
        Assert.NotEmpty(named.For);
        Assert.True(named.FixNow.Length + named.FixForGood.Length > 0, "no fix");
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Sample_WithoutProbes_ClaimsNoProofThatNobodyRead(string code)
    {
        var world = new DoctorWorld();
        CauseCases.ByCode[code](world);
        var blind = Blind(world.Evidence());
        foreach (var finding in AllCauses.InOrder.SelectMany(c => c.Judge(blind)))
        {
            // What is proven without a probe is proven by the snapshot: the same with the probes.
            Assert.True(finding.Proof != Proof.Proven || finding.Cause.Step <= 50 || finding.Cause is FelixDown or NoPeers or DuplicateNode or PacketsTooLarge,
                $"{finding.Cause.Code} is called proven without a probe");
        }

        var diagnosis = Decider.Decide(blind, DoctorWorld.Now);
        Assert.Equal(world.Answered, diagnosis.Outcome == DiagnosisOutcome.Works);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Sample_AnsweredAllTheSame_IsOnlySeen(string code)
    {
        var world = new DoctorWorld { Answered = true };
        CauseCases.ByCode[code](world);
        if (world.Evidence().Test.Value is not { Reached: true })
        {
            return;
        }

        var diagnosis = world.Decide();
        Assert.Null(diagnosis.Cause);
        Assert.Contains(diagnosis.Outcome, new[] { DiagnosisOutcome.Works, DiagnosisOutcome.WorksAgainstTheRules });
    }

    [Theory]
    [InlineData("ping", null, "ping", "tcp 80")]
    [InlineData("tcp", 80, "tcp 80", "ping")]
    public void RulesTreatAnotherProtocolOtherwise_ItIsSeen(string protocol, int? port, string asked, string other)
    {
        var world = new DoctorWorld();
        CauseCases.ByCode["profile-denies"](world);
        world.Question = world.Question with { Protocol = protocol, Port = port };
        var evidence = world.Evidence();
        var besides = OtherTraffic.Find(ReachabilityModel.From(evidence.Snapshot), evidence.Snapshot, world.Question, evidence.Computed!.Allowed);

        Assert.Equal((other, !evidence.Computed.Allowed), (besides?.Traffic, besides?.Allowed));
        var finding = Assert.Single(new OneProtocol().Judge(evidence with { Besides = besides }));
        Assert.False(finding.Explains);
        Assert.Equal($"The rules {(protocol == "tcp" ? "allow" : "deny")} {asked} and {(protocol == "tcp" ? "deny" : "allow")} {other}.", finding.Headline);
    }

    [Fact]
    public void RulesDenyAndPacketsArrive_IsAnAlarm()
    {
        var world = new DoctorWorld { Answered = true };
        CauseCases.ByCode["policy-denies"](world);
        var diagnosis = world.Decide();
        Assert.Equal(DiagnosisOutcome.WorksAgainstTheRules, diagnosis.Outcome);
        Assert.True(diagnosis.Disagrees);
    }

    [Fact]
    public void PolicyPassesAndTheProfileDenies_TheProfileIsNamed()
    {
        var world = new DoctorWorld();
        CauseCases.ByCode["profile-denies"](world);
        world.Keys["/calico/v1/policy/tier/default/policy/on"] =
            """{"order":1,"inbound_rules":[{"action":"next-tier"}],"outbound_rules":[],"selector":"all()","types":["ingress"]}""";
        Assert.Equal("profile-denies", world.Decide().Cause?.Cause.Code);
    }

    [Fact]
    public void SeveralFaults_TheRootIsFirst()
    {
        var world = new DoctorWorld();
        CauseCases.ByCode["policy-denies"](world);
        CauseCases.ByCode["mac-mismatch"](world);
        var diagnosis = world.Decide();
        Assert.Equal("policy-denies", diagnosis.Cause?.Cause.Code);
        Assert.Contains(diagnosis.RunnersUp, f => f.Cause.Code == "mac-mismatch");
        Assert.Contains("more than one fault", diagnosis.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void MacOfOldDocker_WithoutALookInside_IsProbable()
    {
        var world = new DoctorWorld();
        world.Hosts["docker02"] = world.Hosts["docker02"] with { Info = world.Hosts["docker02"].Info! with { ServerVersion = "18.03.1-ce" } };
        world.Container("docker02", "far", c => c with { Networks = [c.Networks[0] with { MacAddress = "" }] });
        world.Change = e => e.Name == "docker02/far"
            ? e with { Inside = Reading.Unknown<ContainerInside>("cat is not in the image"), Stored = Reading.Known(new StoredDockerEndpoint(true, "")) } : e;
        var diagnosis = world.Decide();
        Assert.Equal("mac-mismatch", diagnosis.Cause?.Cause.Code);
        Assert.Equal(Certainty.Probable, diagnosis.Certainty);
    }

    [Fact]
    public void ProvenCause_WithTheOtherHostUnread_IsNotCertain()
    {
        var world = new DoctorWorld();
        CauseCases.ByCode["mac-mismatch"](world);
        Assert.Equal(Certainty.Certain, world.Decide().Certainty);
        var change = world.Change;
        world.Change = e => e.Name == "docker01/web" ? e with { Machine = Reading.Unknown<HostMachine>("no answer within 3 s") } : change(e);
        var diagnosis = world.Decide();
        Assert.Equal(("mac-mismatch", Certainty.Probable), (diagnosis.Cause?.Cause.Code, diagnosis.Certainty));
    }

    [Fact]
    public void NodeStartedMomentsAgo_NotYet()
    {
        var world = new DoctorWorld();
        CauseCases.ByCode["bgp-down"](world);
        world.Container("docker02", "calico-node", c => c with { Details = new ContainerDetails(DoctorWorld.Now.AddSeconds(-4), null, 0, "", "always") });
        var diagnosis = world.Decide();
        Assert.Equal(DiagnosisOutcome.NotYet, diagnosis.Outcome);
        Assert.Contains("4 s ago", diagnosis.Headline, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Report_KeepsEverythingThroughJson(string code)
    {
        var world = new DoctorWorld();
        CauseCases.ByCode[code](world);
        var evidence = world.Evidence();
        var report = DiagnosisReport.Make(Guid.NewGuid(), DoctorWorld.Now, TimeSpan.FromSeconds(4), evidence, Decider.Decide(evidence, DoctorWorld.Now),
            [new ProbeRun("ping", "web", 3, "")]);
        var back = DiagnosisReport.FromJson(report.ToJson());
        Assert.Equal(report.ToJson(), back?.ToJson());
        Assert.Equal(report.Cause?.Mend, back?.Cause?.Mend);
        Assert.Contains(report.Headline, ReportText.Markdown(report), StringComparison.Ordinal);
    }

    private static DiagnosisEvidence Blind(DiagnosisEvidence evidence) => evidence with { From = Blind(evidence.From), To = Blind(evidence.To) };

    private static EndEvidence Blind(EndEvidence end) => end with
    {
        Setup = Reading.Unknown<CalicoNodeSetup>("refused"),
        Machine = Reading.Unknown<HostMachine>("refused"),
        MachineAfter = Reading.Unknown<HostMachine>("refused"),
        Rules = Reading.Unknown<RuleCounts>("refused"),
        RulesAfter = Reading.Unknown<RuleCounts>("refused"),
        FelixLog = Reading.Unknown<FelixLog>("refused"),
        Bgp = Reading.Unknown<BgpStatus>("refused"),
        Stored = Reading.Unknown<StoredDockerEndpoint>("refused"),
        Inside = Reading.Unknown<ContainerInside>("refused"),
        Published = Reading.Unknown<PublishedOf>("refused"),
        InsideBeforeLocal = Reading.Unknown<ContainerInside>("refused"),
        InsideAfterLocal = Reading.Unknown<ContainerInside>("refused"),
        OwnHost = Reading.Unknown<TestAnswer>("refused"),
    };
}
