using Bunit;
using CalicoConsole.Web.Kit;
using MudBlazor.Services;

namespace CalicoConsole.Web.Tests.Kit;

/// <summary>The console's buttons and notices are MudBlazor's, with defaults of their own.</summary>
public sealed class ButtonTests : IAsyncDisposable
{
    private readonly BunitContext _context = new();

    public ButtonTests() => _context.Services.AddMudServices();

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    [Fact]
    public void Button_SaysWhatItDoes_AndKeepsItsLookWhenItIsDrawnAnew()
    {
        var pressed = 0;
        var button = _context.Render<ActionButton>(p => p.AddChildContent("Create pool").Add(b => b.Primary, true).Add(b => b.Class, "wide")
            .Add(b => b.OnClick, () => pressed++).AddUnmatched("data-create", "yes"));
        button.Find("button.btn.primary.wide[type=button][data-create=yes]").Click();
        Assert.Equal(1, pressed);

        button.Render(p => p.AddChildContent("Create pool").Add(b => b.Primary, false).Add(b => b.Small, true).Add(b => b.Class, "wide"));
        Assert.Equal("Create pool", button.Find("button.btn.small.wide:not(.primary)").TextContent.Trim());
        Assert.Single(button.Find("button").ClassList, c => c == "btn");
    }

    [Fact]
    public void Button_WithAnAddress_IsALink()
    {
        var link = _context.Render<ActionButton>(p => p.AddChildContent("Edit").Add(b => b.Href, "do/edit"));
        Assert.Equal("do/edit", link.Find("a.btn").GetAttribute("href"));
    }

    [Theory]
    [InlineData(ChipState.Broken, "broken")]
    [InlineData(ChipState.Attention, "attention")]
    [InlineData(ChipState.Unknown, "unknown")]
    [InlineData(ChipState.Note, "note")]
    public void Notice_HasItsStateAsColourAndIcon_AndItsRole(ChipState state, string word)
    {
        var notice = _context.Render<Notice>(p => p.Add(n => n.State, state).AddChildContent("No answer").AddUnmatched("role", "alert"));
        Assert.Contains("No answer", notice.Find($".notice.{word}[role=alert] .mud-alert-message").TextContent, StringComparison.Ordinal);
        Assert.NotNull(notice.Find(".mud-alert-icon svg"));
    }

    [Fact]
    public void IconButton_IsNamed()
    {
        var button = _context.Render<IconAction>(p => p.Add(b => b.Label, "Keys").Add(b => b.Icon, MudBlazor.Icons.Material.Outlined.Keyboard));
        Assert.Equal("Keys", button.Find("button").GetAttribute("aria-label"));
    }

    [Fact]
    public void EveryState_HasAnIconOfItsOwn() =>
        Assert.Equal(Enum.GetValues<ChipState>().Length, Enum.GetValues<ChipState>().Select(ChipStates.Icon).Distinct().Count());
}
