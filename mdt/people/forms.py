"""Forms of signing in, of one's own account, and of teams and their people."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from mdt.people.actions import version_of, version_of_roles
from mdt.people.disciplines import Discipline
from mdt.people.models import Membership, Role, Team, User
from mdt.people.plain_names import keep_plain


def _helper(button: object, action: str = "") -> FormHelper:
    helper = FormHelper()
    helper.form_action = action
    helper.add_input(Submit("save", button))
    return helper


ROLES = [
    (Role.MEMBER, _("Member: sees cases, refers them, records findings")),
    (Role.CHAIR, _("Chair: what a coordinator may, and signs decisions")),
    (Role.COORDINATOR, _("Coordinator: what a member may, changes referrals, plans meetings, records decisions")),
    (Role.AUDITOR, _("Auditor: reads cases, meetings and the event log; changes nothing")),
    (Role.ADMINISTRATOR, _("Administrator: manages the people of the team; sees no patient")),
    (Role.SUPPORTIVE, _("Supportive care (psycho-oncology, specialist nurse): reads psychosocial notes")),
    (Role.PRIVACY, _("Privacy officer: answers requests for erasure, places legal holds; reads no record")),
]


class RolesField(forms.TypedMultipleChoiceField):
    """Check boxes, one for each role."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(**{"label": _("Roles"), "choices": ROLES, **kwargs})


class TeamForm(forms.ModelForm):
    """A new team, and the roles that its founder takes besides administering it."""

    roles = RolesField(
        label=_("My own roles besides administrator"),
        required=False,
        choices=[choice for choice in ROLES if choice[0] != Role.ADMINISTRATOR],
        help_text=_("You become the team's first administrator. An administrator as such sees no patient."),
    )

    class Meta:
        model = Team
        fields = ["name", "hospital", "code"]

    helper = _helper(_("Create team"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if settings.SEPARATE_OFFICES:  # who opens a team holds no role in it
            del self.fields["roles"]
        self.fields["code"].validators.append(
            RegexValidator(r"^[A-Za-z]{2,8}\Z", _("Two to eight letters from A to Z."))
        )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].upper()
        if Team.objects.filter(code__iexact=code).exists():
            raise ValidationError(_("This code belongs to another team."))
        return code


class PersonForm(forms.ModelForm):
    """What is shown beside everything that a person does."""

    class Meta:
        model = User
        fields = ["title", "name", "discipline", "email", "language"]
        help_texts = {"email": _("Messages go there too, where a mail server is set up. Empty: only the mailbox here.")}

    helper = _helper(_("Save"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        keep_plain(self, "title", "name", "username")
        self.fields["language"].choices = [("", _("as this installation is set")), *settings.LANGUAGES]
        if "discipline" in self.fields:
            self.fields["discipline"].choices = [("", _("none")), *Discipline.choices]
        if self.instance.pk:  # tells the action whether somebody changed the person meanwhile
            version = version_of(self.instance)
            self.fields["version"] = forms.CharField(widget=forms.HiddenInput, initial=version)


class OwnNameForm(PersonForm):
    """One's own name. The discipline is the administrators' to say: quorum counts it."""

    helper = _helper(_("Save"))
    helper.form_id = "edit"

    class Meta(PersonForm.Meta):
        fields = ["title", "name", "email", "language"]


class FirstPassword(forms.Form):
    """A password that somebody sets for somebody else; shown, since it has to be handed over."""

    password = forms.CharField(
        label=_("First password"),
        strip=False,
        max_length=128,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("At least twelve characters. Hand it over yourself; it must be replaced at the first sign-in."),
    )

    helper = _helper(_("Set password"))

    def __init__(self, *args, person: User | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"], self.person)
        return self.cleaned_data["password"]


class NewPersonForm(PersonForm):
    """A new account with its roles in the team."""

    password = FirstPassword.base_fields["password"]
    roles = RolesField(initial=[Role.MEMBER])

    class Meta(PersonForm.Meta):
        fields = ["username", "title", "name", "discipline", "email", "language"]
        labels = {"username": _("User name")}
        help_texts = {
            **PersonForm.Meta.help_texts,
            "username": _("To sign in with: letters, digits and @ . + - _"),
        }

    field_order = ["username", "title", "name", "discipline", "email", "language", "roles", "password"]
    helper = _helper(_("Add person"))

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(
                _("This user name is taken. If it is the same person, add them as somebody who has an account.")
            )
        return username

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("password"):
            person = User(**{name: cleaned.get(name) or "" for name in self.Meta.fields})
            try:
                validate_password(cleaned["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class NewMemberForm(forms.Form):
    """Somebody who has an account, by user name."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    roles = RolesField(initial=[Role.MEMBER])

    helper = _helper(_("Add to the team"))

    def __init__(self, *args, team: Team, **kwargs):
        super().__init__(*args, **kwargs)
        self.team = team

    def clean_username(self) -> User:
        person = User.objects.filter(username=self.cleaned_data["username"].strip()).first()
        if person is None:
            raise ValidationError(_("Nobody has this user name. Check it, or add a new person."))
        if not person.is_active:
            raise ValidationError(_("This account is deactivated."))
        if Membership.objects.filter(team=self.team, user=person).exists():
            raise ValidationError(gettext("%(person)s is in the team already.") % {"person": person})
        return person


class RolesForm(forms.Form):
    """The roles of one member; none at all takes them out of the team."""

    roles = RolesField(required=False, help_text=_("Without any role the person leaves the team; the account stays."))
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    helper = _helper(_("Save roles"))

    def __init__(self, *args, held: list[str], **kwargs):
        super().__init__(*args, initial={"roles": held, "version": version_of_roles(held)}, **kwargs)


class OwnPasswordForm(forms.Form):
    """One's own new password, twice, against the present one."""

    present = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=128,
        help_text=_("At least twelve characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    helper = _helper(_("Change password"))

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_present(self) -> str:
        if not self.person.check_password(self.cleaned_data["present"]):
            raise ValidationError(_("This is not your present password."))
        return self.cleaned_data["present"]

    def clean_new(self) -> str:
        new = self.cleaned_data["new"]
        validate_password(new, self.person)
        if self.person.check_password(new):
            raise ValidationError(_("Choose another password than the present one."))
        return new

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("The two passwords differ."))
        return cleaned


class CodeForm(forms.Form):
    """Six digits of the app, or a recovery code."""

    code = forms.CharField(
        label=pgettext_lazy("of a second factor", "Code"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false", "autofocus": True}
        ),
    )
