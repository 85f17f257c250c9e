using CalicoConsole.Core.Model;
using CalicoConsole.Web.Areas.Profiles;
using CalicoConsole.Web.Areas.Rules;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Tests.Forms;

public class DraftHistoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DraftChange Typing = new("the name", IsTyping: true);
    private static readonly DraftChange Adding = new("adding ingress rule 1", IsTyping: false);

    [Fact]
    public void Undo_Redo_GoBackAndForth()
    {
        var history = DraftHistory<string>.From("a").Push("b", Adding, Start).Push("c", new("removing ingress rule 1", false), Start);
        Assert.Equal("removing ingress rule 1", history.Undoes);
        Assert.Null(history.Redoes);
        history = history.Undo();
        Assert.Equal(("b", "adding ingress rule 1", "removing ingress rule 1"), (history.Present, history.Undoes, history.Redoes));
        Assert.Equal(("a", null), (history.Undo().Present, history.Undo().Undoes));
        Assert.Equal("c", history.Undo().Redo().Redo().Present);
    }

    [Theory]
    [InlineData(900, "a")]
    [InlineData(1000, "ab")]
    public void Typing_InOneGo_IsOneStep(int pause, string undone)
    {
        var history = DraftHistory<string>.From("a").Push("ab", Typing, Start).Push("abc", Typing, Start.AddMilliseconds(pause));
        Assert.Equal("abc", history.Present);
        Assert.Equal(undone, history.Undo().Present);
    }

    [Fact]
    public void Typing_OfSomethingElse_IsAnotherStep() =>
        Assert.Equal("ab", DraftHistory<string>.From("a").Push("ab", Typing, Start).Push("abc", new("the tags", true), Start).Undo().Present);

    [Fact]
    public void Push_AfterUndo_ForgetsWhatWasUndone()
    {
        var history = DraftHistory<string>.From("a").Push("b", Adding, Start).Undo().Push("c", Adding, Start);
        Assert.Null(history.Redoes);
        Assert.Equal("a", history.Undo().Present);
    }

    [Fact]
    public void Steps_AreBounded()
    {
        var history = Enumerable.Range(1, DraftHistory<string>.Most + 50).Aggregate(DraftHistory<string>.From("0"), (h, i) => h.Push($"{i}", Adding, Start));
        var steps = 0;
        for (; history.Undoes is not null; steps++)
        {
            history = history.Undo();
        }

        Assert.Equal((DraftHistory<string>.Most - 1, "51"), (steps, history.Present));
    }

    // Whatever is done: undoing everything and redoing everything ends at the same draft.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void UndoneAndRedone_IsTheSame(int seed)
    {
        var random = new Random(seed);
        var (history, at) = (DraftHistory<string>.From("start"), Start);
        for (var i = 0; i < 100; i++)
        {
            at = at.AddMilliseconds(random.Next(2000));
            history = random.Next(4) == 0 ? history.Undo() : history.Push($"{i}", random.Next(2) == 0 ? Typing : Adding, at);
        }

        var back = history;
        while (back.Undoes is not null)
        {
            back = back.Undo();
        }

        var forth = back;
        while (forth.Present != history.Present)
        {
            Assert.NotNull(forth.Redoes);
            forth = forth.Redo();
        }

        Assert.Equal("start", back.Present);
    }

    [Fact]
    public void Changes_AreNamed()
    {
        var draft = new ProfileDraft { Name = "web", Ingress = [new RuleDraft(), new RuleDraft { Protocol = "tcp" }] };
        Assert.Equal("the tags", Words(draft with { Tags = "x" }));
        Assert.Equal("change of ingress rule 2", Words(draft with { Ingress = draft.Ingress.SetItem(1, draft.Ingress[1] with { Protocol = "udp" }) }));
        Assert.Equal("adding egress rule 1", Words(draft with { Egress = [new RuleDraft()] }));
        Assert.Equal("removing ingress rule 1", Words(draft with { Ingress = draft.Ingress.RemoveAt(0) }));
        Assert.Equal("the order of the ingress rules", Words(draft with { Ingress = [draft.Ingress[1], draft.Ingress[0]] }));
        Assert.Equal("the rules", Words(draft with { Ingress = [], Egress = [new RuleDraft()] }));
        Assert.Equal("the YAML", Words(draft.WithYaml("kind: profile", null)));

        string Words(ProfileDraft after) => DraftChanges.Between(draft, after).Words;
    }

    [Fact]
    public void RulesReadAnew_KeepTheirCards()
    {
        var before = new[] { "tcp", "udp", "icmp" }.Select(p => RuleDraft.From(new Rule { Action = "allow", Protocol = new(p, 0) })).ToArray();
        var kept = RuleDraft.Keep([Rule("icmp"), Rule("tcp"), Rule("sctp"), Rule("udp")], [.. before]);
        Assert.Equal([before[2].Id, before[0].Id], kept.Take(2).Select(r => r.Id));
        Assert.Equal(before[1].Id, kept[3].Id);
        Assert.DoesNotContain(kept[2].Id, before.Select(b => b.Id));

        static Rule Rule(string protocol) => new() { Action = "allow", Protocol = new(protocol, 0) };
    }
}
